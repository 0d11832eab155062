'use strict';
// Draws the run from the events of /events (watch_events.c), in one script: page_base.js, page_charts.js, page.js.
// What comes from outside only ever becomes text (textContent) or a number.
const $ = (id) => document.getElementById(id);
const LEVELS = ['p50', 'p90', 'p99', 'p99.9'];
const POINTS_MOST = 7200;
const SPAN_S = 10; // a chart that has just begun has room for so long
const LEFT = 54;   // room for the labels of the vertical scale

let run = null;     // the run that is shown
let points = [];    // its seconds
let ended = null;   // its end
let earlier = [];   // the ends of earlier runs of this program
let scope = 'all';  // or the index of a stream
let hovered = null; // the second under the pointer
let lastEvent = 0;  // the number of the newest event

// --- numbers for people, as loadgen prints them ---

function group(text) {
  return text.replace(/\B(?=(\d{3})+(?!\d))/g, '\u202f');
}

// "5.00" -> "5", "0.50" -> "0.5"; whole numbers keep their zeros.
function shorten(text) {
  return text.includes('.') ? text.replace(/\.?0+(?=\D*$)/, '') : text;
}

function number(value) {
  if (value === null || value === undefined || !isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size >= 1000 || Number.isInteger(value)) return group(String(Math.round(value)));
  return size >= 100 ? value.toFixed(0) : size >= 10 ? value.toFixed(1) : shorten(value.toPrecision(3));
}

function time(value) {
  if (value === null || value === undefined) return '–';
  if (value === 'failed') return 'failed';
  if (typeof value === 'object') return '≥ ' + time(value.at_least);
  const [size, unit] = value < 1000 ? [value, 'µs'] : value < 1e6 ? [value / 1e3, 'ms'] : [value / 1e6, 's'];
  return (size >= 100 ? size.toFixed(0) : size >= 10 ? size.toFixed(1) : size.toFixed(2)) + ' ' + unit;
}

function share(value) {
  return value === null || value === undefined ? '–'
    : value === 0                              ? '0 %'
                                               : shorten((100 * value).toPrecision(3)) + ' %';
}

function clock(seconds) {
  const s = Math.round(seconds);
  const two = (n) => String(n).padStart(2, '0');
  return (s >= 3600 ? Math.floor(s / 3600) + ':' + two(Math.floor(s / 60) % 60) : two(Math.floor(s / 60))) + ':' +
    two(s % 60);
}

// --- elements ---

function element(name, text, className) {
  const e = document.createElement(name);
  if (text !== undefined) e.textContent = text;
  if (className) e.className = className;
  return e;
}

function shape(name, attributes, parent) {
  const e = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const key in attributes) e.setAttribute(key, attributes[key]);
  if (parent) parent.append(e);
  return e;
}

function fillTable(table, heads, rows) {
  const line = (cells, name) => {
    const tr = element('tr');
    for (const cell of cells) tr.append(cell instanceof Node ? cell : element(name, cell));
    return tr;
  };
  table.replaceChildren(line(heads, 'th'), ...rows.map((row) => line(row, 'td')));
}
