/* The sections of a run's page, and the answer that all forms of the report begin with. */
#ifndef REPORT_SECTIONS_H
#define REPORT_SECTIONS_H

#include "report_model.h"

/* The answer in plain sentences: which cluster was slower and by how much, or one cluster's times. */
report_part_fn report_answer;
/* How reliable it is: what one run can prove, emulation, the checks of the generator. */
report_part_fn report_doubts;

/* The goodput within the limits of the thresholds, in sentences; nothing without such thresholds. */
report_part_fn report_goodput;

/* How HTTP/2 connections carried the requests, in sentences; nothing over HTTP/1.1. */
report_part_fn report_http2;

/* Each writes one <section>. */
report_part_fn report_section_answer, report_section_spectrum, report_section_ratio, report_section_setup,
    report_section_steps, report_section_http2, report_section_claims, report_section_time,
    report_section_instances, report_section_health, report_section_files;
/* The parts of report_section_claims about rules and thresholds, without a section. */
report_part_fn report_checks, report_thresholds;
/* The parts of report_section_setup about the target, the generators and the machine that made the load,
 * without a section. */
report_part_fn report_setup_deployment, report_setup_generators, report_setup_machine;
/* The same facts of the machine as lines of report.txt. */
report_part_fn report_text_machine;

#endif
