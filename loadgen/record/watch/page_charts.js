// --- what the charts draw ---

const part = (p) => (scope === 'all' ? p.all : p.streams[scope]);
const plain = (value) =>
  (typeof value === 'number'              ? value
     : value && typeof value === 'object' ? value.at_least
                                          : null);
const inFlight = (p) =>
  (scope === 'all' ? p.streams.reduce((sum, s) => sum + s.in_flight, 0) : p.streams[scope].in_flight);

function streamLines(value) {
  return run.streams.slice(0, 8).map((s, i) => ({name: s.name, colour: i, value: (p) => value(p.streams[i])}));
}

const charts = [
  {
    title: 'Good answers per second',
    wide: true,
    height: 190,
    format: number,
    phases: true,
    lines: () =>
      (scope === 'all' && run.streams.length > 1 ? streamLines((s) => s.good)
                                                 : [{name: 'good', colour: 0, value: (p) => part(p).good}])
  },
  {
    title: 'Times',
    wide: true,
    height: 230,
    log: true,
    format: time,
    lines: () => LEVELS.map((name, i) => ({
                              name,
                              colour: i,
                              value: (p) => plain(part(p).times[i]),
                              text: (p) => time(part(p).times[i]),
                              isFailed: (p) => part(p).times[i] === 'failed'
                            }))
  },
  {
    title: 'p99 by stream',
    wide: true,
    height: 190,
    log: true,
    format: time,
    needsStreams: true,
    lines: () => streamLines((s) => s.times[2]).map((line) => ({
                                                      ...line,
                                                      text: (p) => time(line.value(p)),
                                                      isFailed: (p) => line.value(p) === 'failed',
                                                      value: (p) => plain(line.value(p))
                                                    }))
  },
  {
    title: 'Failures per second',
    height: 130,
    format: number,
    bars: true,
    isCount: true,
    lines: () => [{name: 'failed', colour: 'bad', value: (p) => part(p).failed}]
  },
  {
    title: 'In flight',
    height: 130,
    format: number,
    isCount: true,
    lines: () => [{name: 'requests', colour: 0, value: inFlight}]
  },
  {
    title: 'loadgen: processor',
    height: 130,
    format: share,
    top: 1,
    lines: () => [{name: 'busiest thread', colour: 4, value: (p) => p.cpu}]
  },
  {
    title: 'loadgen: waiting',
    height: 130,
    format: time,
    lines: () =>
      [{name: 'sending late, p99', colour: 2, value: (p) => p.lag},
       {name: 'answers unread, p99', colour: 3, value: (p) => p.received}]
  },
];

function colour(line) {
  return typeof line.colour === 'number' ? `var(--s${line.colour})` : `var(--${line.colour})`;
}

// The scale of a chart: from values to 0 (bottom) .. 1 (top), and where its lines of the grid are.
function linearScale(top, format, isCount) {
  let step = 10 ** Math.floor(Math.log10(top / 3 || 1));
  if (isCount) step = Math.max(step, 1);
  for (const factor of [2, 2.5, 2])
    if (top / step > 4) step *= factor;
  const most = Math.max(step * Math.ceil(top / step - 1e-9), step);
  const ticks = [];
  for (let v = 0; v <= most * (1 + 1e-9); v += step) ticks.push([v, v === 0 ? '0' : shorten(format(v))]);
  return {of: (v) => v / most, ticks};
}

function logScale(least, most, format) {
  const low = Math.floor(Math.log10(least) * 3) / 3;
  const high = Math.max(Math.ceil(Math.log10(most) * 3) / 3, low + 1 / 3);
  const ticks = [];
  const factors = high - low > 3 ? [1] : [1, 2, 5];
  for (let decade = Math.floor(low); decade <= high; decade++)
    for (const factor of factors) {
      const at = decade + Math.log10(factor);
      if (at >= low - 0.01 && at <= high + 0.01)
        ticks.push([factor * 10 ** decade, shorten(format(factor * 10 ** decade))]);
    }
  return {of: (v) => (Math.log10(Math.max(v, 1e-9)) - low) / (high - low), ticks};
}

function scaleOf(chart, lines) {
  let least = Infinity, most = 0;
  for (const p of points)
    for (const line of lines) {
      const v = line.value(p);
      if (v === null || v === undefined || !isFinite(v)) continue;
      most = Math.max(most, v);
      if (v > 0) least = Math.min(least, v);
    }
  if (chart.log) return logScale(least < Infinity ? least : 1000, most || 10000, chart.format);
  return linearScale(chart.top || most || 1, chart.format, chart.isCount);
}

// The phase that all streams in sight are in; null when they differ.
function phaseOf(p) {
  const seen =
    (scope === 'all' ? p.streams : [p.streams[scope]]).filter((s) => s.phase >= 0).map((s) => run.phases[s.phase]);
  const first = seen[0];
  if (!first || seen.some((phase) => phase.name !== first.name)) return null;
  return first;
}

function drawPhases(svg, box, withNames) {
  let from = 0;
  for (let i = 1; i <= points.length; i++) {
    const phase = phaseOf(points[from]);
    if (i < points.length && phaseOf(points[i]) === phase) continue;
    const x0 = box.x(Math.max(points[from].t - 1, 0)), x1 = box.x(points[i - 1].t);
    if (phase && (phase.warmup || phase.kind === 'pause'))
      shape('rect', {x: x0, y: box.top, width: Math.max(x1 - x0, 0), height: box.height, fill: 'var(--shade)'}, svg);
    if (from > 0)
      shape(
        'line',
        {x1: x0, x2: x0, y1: box.top, y2: box.top + box.height, stroke: 'var(--line)', 'stroke-dasharray': '2 3'},
        svg);
    const name = phase &&
      (phase.warmup               ? phase.name + ' (warm-up)'
         : phase.kind === 'pause' ? phase.name + ' (pause)'
                                  : phase.name);
    if (withNames && name && x1 - x0 > 7 * name.length && run.phases.length > 1) {
      const text = shape('text', {x: (x0 + x1) / 2, y: box.top + 11, 'text-anchor': 'middle'}, svg);
      text.textContent = name;
    }
    from = i;
  }
}

function drawGrid(svg, box, scale) {
  for (const [value, label] of scale.ticks) {
    const y = box.y(scale.of(value));
    shape('line', {x1: box.left, x2: box.right, y1: y, y2: y, stroke: 'var(--grid)'}, svg);
    shape('text', {x: box.left - 6, y: y + 4, 'text-anchor': 'end'}, svg).textContent = label;
  }
  const step = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200].find(
                 (s) => (box.until - box.from) / s <= (box.right - box.left) / 70) ||
    14400;
  for (let t = Math.ceil(box.from / step) * step; t <= box.until + 0.01; t += step)
    shape('text', {x: box.x(t), y: box.top + box.height + 15, 'text-anchor': 'middle'}, svg).textContent = clock(t);
}

// Where several points share a pixel, the lowest and the highest of them stand.
function drawLine(svg, box, scale, line) {
  let path = '', isOpen = false, pixel = NaN, low = 0, high = 0;
  const dots = [];
  const put = (x, v) => {
    path += `${isOpen ? 'L' : 'M'}${x.toFixed(1)} ${box.y(scale.of(v)).toFixed(1)}`;
    isOpen = true;
  };
  const flush = () => {
    if (isNaN(pixel)) return;
    put(pixel, low);
    if (high !== low) put(pixel, high);
    pixel = NaN;
  };
  points.forEach((p, i) => {
    const v = line.value(p), x = Math.round(box.x(p.t) * 2) / 2;
    if (line.isFailed && line.isFailed(p))
      shape('rect', {x: x - 1.5, y: box.top - 4, width: 3, height: 5, fill: 'var(--bad)'}, svg);
    if (v === null || v === undefined || !isFinite(v)) {
      flush();
      isOpen = false;
      return;
    }
    if (x !== pixel) {
      flush();
      [pixel, low, high] = [x, v, v];
    }
    [low, high] = [Math.min(low, v), Math.max(high, v)];
    const around = [points[i - 1], points[i + 1]];
    if (around.every((q) => !q || line.value(q) === null || line.value(q) === undefined)) dots.push([x, v]);
  });
  flush();
  shape(
    'path', {
      d: path,
      fill: 'none',
      stroke: colour(line),
      'stroke-width': 1.8,
      'stroke-linejoin': 'round',
      'stroke-linecap': 'round'
    },
    svg);
  for (const [x, v] of dots) shape('circle', {cx: x, cy: box.y(scale.of(v)), r: 2.2, fill: colour(line)}, svg);
}

function drawBars(svg, box, scale, line) {
  const width = Math.max(box.x(1) - box.x(0) - 1, 1);
  for (const p of points) {
    const v = line.value(p);
    if (!(v > 0)) continue;
    const y = box.y(scale.of(v));
    shape(
      'rect', {x: box.x(p.t) - width, y, width, height: Math.max(box.top + box.height - y, 1), fill: colour(line)},
      svg);
  }
}

function draw(chart) {
  const isShown = run && points.length > 0 && !(chart.needsStreams && (run.streams.length < 2 || scope !== 'all'));
  chart.figure.hidden = !isShown;
  if (!isShown) return;
  const lines = chart.lines(), svg = chart.svg, width = svg.clientWidth || 600;
  const last = points[points.length - 1], at = hovered || last;
  const scale = scaleOf(chart, lines);
  const box = {left: LEFT, right: width - 8, top: 8, height: chart.height - 28};
  box.from = Math.max(points[0].t - 1, 0);
  const isLong = !last.total || last.total - box.from > SPAN_S;
  box.until = Math.max(
    last.t,
    ended      ? 0
      : isLong ? box.from + SPAN_S
               : last.total,
    ended || !isLong ? 0 : Math.min(last.total || 0, last.t * 1.25 + 5));
  box.x = (t) => box.left + ((t - box.from) / (box.until - box.from)) * (box.right - box.left);
  box.y = (f) => box.top + box.height * (1 - f);
  chart.box = box;
  svg.replaceChildren();
  svg.setAttribute('height', chart.height);
  drawPhases(svg, box, chart.phases);
  drawGrid(svg, box, scale);
  for (const line of lines) (chart.bars ? drawBars : drawLine)(svg, box, scale, line);
  if (hovered)
    shape(
      'line', {x1: box.x(at.t), x2: box.x(at.t), y1: box.top, y2: box.top + box.height, stroke: 'var(--muted)'}, svg);
  chart.keys.replaceChildren(
    element('b', chart.title), ...lines.map((line) => {
      const key = element('span', undefined, 'key');
      const mark = shape('svg', {width: 14, height: 8, 'aria-hidden': 'true', class: 'mark'});
      shape('line', {x1: 0, x2: 12, y1: 4, y2: 4, stroke: colour(line), 'stroke-width': 3}, mark);
      key.append(mark, line.name + ' ', element('i', line.text ? line.text(at) : chart.format(line.value(at))));
      return key;
    }),
    ...(lines.some((line) => line.isFailed && points.some(line.isFailed)) ? [failedKey()] : []),
    ...(hovered ? [element('span', 'at ' + clock(at.t), 'key')] : []));
  svg.setAttribute('aria-label', chart.title);
}

function failedKey() {
  const key = element('span', undefined, 'key');
  const mark = shape('svg', {width: 8, height: 8, 'aria-hidden': 'true', class: 'mark'}, key);
  shape('rect', {x: 1, y: 1, width: 3, height: 6, fill: 'var(--bad)'}, mark);
  key.append('lies among failures');
  return key;
}

function makeCharts() {
  for (const chart of charts) {
    chart.figure = element('figure', undefined, chart.wide ? 'wide' : '');
    chart.keys = element('figcaption');
    chart.svg = shape('svg', {role: 'img'});
    chart.figure.append(chart.keys, chart.svg);
    chart.svg.addEventListener('pointermove', (event) => hover(chart, event.offsetX));
    chart.svg.addEventListener('pointerleave', () => hover(null));
    $('charts').append(chart.figure);
  }
}

function hover(chart, x) {
  const was = hovered;
  hovered = null;
  if (chart && chart.box && points.length > 0) {
    const t = chart.box.from +
      ((x - chart.box.left) / (chart.box.right - chart.box.left)) * (chart.box.until - chart.box.from);
    hovered = points.reduce((best, p) => (Math.abs(p.t - t) < Math.abs(best.t - t) ? p : best));
  }
  if (hovered !== was) requestAnimationFrame(drawCharts);
}

function drawCharts() {
  for (const chart of charts) draw(chart);
}
