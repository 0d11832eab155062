/* The parts of the page, from page_head.html, page.css, page_body.html and the three scripts
 * (cmake/embed.cmake). Each ends with a NUL. */
#ifndef RECORD_WATCH_PAGE_PARTS_H
#define RECORD_WATCH_PAGE_PARTS_H

extern const unsigned char watch_page_head[], watch_page_style[], watch_page_body[];
extern const unsigned char watch_page_base[], watch_page_charts[], watch_page_script[];

#endif
