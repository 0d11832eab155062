// --- text ---

function setState(word, className) {
  $('state').textContent = word;
  $('state').className = 'state ' + (className || '');
}

function notice(text) {
  $('notice').textContent = text;
  $('notice').hidden = !text;
}

function showHead() {
  $('name').textContent = run.name;
  $('target').textContent = [run.url, run.place, run.id].filter(Boolean).join('   ·   ');
  $('choice').hidden = run.streams.length < 2;
  const option = (value, text) => {
    const e = element('option', text);
    e.value = value;
    return e;
  };
  $('scope').replaceChildren(
    option('all', 'all streams'), ...run.streams.map((s, i) => option(String(i), `${s.name}, ${s.cluster}`)));
  $('scope').value = String(scope);
}

function totals(p) {
  const streams = scope === 'all' ? p.streams : [p.streams[scope]];
  const failed = streams.reduce((sum, s) => sum + Object.values(s.failures).reduce((a, b) => a + b, 0), 0);
  return {attempts: streams.reduce((sum, s) => sum + s.attempts, 0), failed};
}

function showTiles(p) {
  const now = part(p), sum = totals(p);
  const tiles = [
    [number(now.good), 'good answers/s'],
    [sum.attempts ? share(sum.failed / sum.attempts) : '–', 'failed so far', sum.failed > 0],
    [time(now.times[0]), 'p50'],
    [time(now.times[2]), 'p99', now.times[2] === 'failed'],
    [number(inFlight(p)), 'in flight'],
    [share(p.cpu), 'loadgen’s processor'],
  ];
  $('tiles').hidden = ended !== null; // the result stands above
  $('tiles').replaceChildren(...tiles.map(([value, label, isBad]) => {
    const tile = element('div', undefined, isBad ? 'tile bad' : 'tile');
    tile.append(element('b', value), element('span', label));
    return tile;
  }));
}

function showClock(p) {
  const fraction = ended ? 1 : p.total ? Math.min(p.t / p.total, 1) : 0;
  $('course').hidden = !p.total && !ended;
  $('done').style.width = 100 * fraction + '%';
  $('clock').textContent =
    clock(p.t) + (ended || !p.total ? '' : (p.estimate ? ' of about ' : ' of ') + clock(p.total));
}

function showFailures(p) {
  const sums = {};
  for (const s of p.streams)
    for (const name in s.failures) sums[name] = (sums[name] || 0) + s.failures[name];
  const names = Object.keys(sums);
  $('failures').hidden = names.length === 0;
  fillTable(
    $('classes'), ['class', 'requests', element('th', 'meaning', 'text')],
    names.map((name) => [name, number(sums[name]), element('td', run.classes[name], 'text')]));
}

function showStatuses(p) {
  const sums = {};
  for (const s of p.streams)
    for (const status in s.statuses) sums[status] = (sums[status] || 0) + s.statuses[status];
  const bytes = p.streams.reduce((sum, s) => sum + s.rx, 0);
  const parts = Object.keys(sums).map((status) => `${status === '0' ? 'other' : status}: ${number(sums[status])}`);
  $('statuses').textContent =
    [...parts, bytes ? number(bytes / 1e6) + ' MB received' : ''].filter(Boolean).join('   ·   ');
}

const ANY_NUMBER = 2 ** 32 - 1;

// In the words of the summary.
function showHttp2(p) {
  const some = p.streams.filter((s) => s.http2).map((s) => s.http2);
  const sum = (key) => some.reduce((n, h) => n + h[key], 0);
  const count = (key, one, many) => sum(key) ? `${number(sum(key))} ${sum(key) === 1 ? one : many}` : '';
  const least = (list) => Math.min(...list), most = (list) => Math.max(...list);
  const asked = some.map((h) => h.asked), allowed = some.map((h) => h.allowed).filter((n) => n !== null);
  const range = least(asked) < most(asked) ? `${number(least(asked))} to ${number(most(asked))}` : number(most(asked));
  $('http2').hidden = some.length === 0;
  $('http2').textContent = 'HTTP/2   ' + [
    `streams a connection: ${range} asked for`,
    allowed.length ? `${least(allowed) === ANY_NUMBER ? 'any number' : number(least(allowed))} allowed` : '',
    `at most ${number(most(some.map((h) => h.open)))} open`, count('goaways', 'GOAWAY', 'GOAWAY'),
    count('again', 'request sent again', 'requests sent again'), count('resets', 'stream reset', 'streams reset'),
    count('cancels', 'stream cancelled', 'streams cancelled'),
    count('by_count', 'connection', 'connections') + (sum('by_count') ? ' ended by requests_per_connection' : '')
  ].filter(Boolean).join('   ·   ');
}

function showStreams(p) {
  $('streams-part').hidden = run.streams.length < 2;
  fillTable(
    $('streams'), ['stream', 'cluster', 'phase', 'requests', 'failed', 'good/s', ...LEVELS], p.streams.map((s, i) => {
      const failed = Object.values(s.failures).reduce((a, b) => a + b, 0);
      const cell = element('td', s.attempts ? share(failed / s.attempts) : '–', failed ? 'bad' : '');
      return [
        run.streams[i].name, run.streams[i].cluster, s.phase < 0 ? 'over' : run.phases[s.phase].name,
        number(s.attempts), cell, number(s.good), ...s.so_far.map(time)
      ];
    }));
}

function claimRow(row, name) {
  const failed = element('td', row.attempts ? share(row.failed / row.attempts) : '–', row.failed ? 'bad' : '');
  return [
    name, number(row.attempts), failed, number(row.rate) + row.rate_mark,
    ...row.times.map(
      (c) => element('td', time(c.value) + c.mark + (c.few ? '*' : ''), c.value === 'failed' ? 'bad' : ''))
  ];
}

const CLAIM_HEADS = ['requests', 'failed', 'good/s', ...LEVELS];

function showEnd() {
  $('summary').hidden = !ended;
  if (!ended) return;
  const clusters = ended.rows.filter((row) => !row.stream), streams = ended.rows.filter((row) => row.stream);
  const rows = [...clusters.map((row) => claimRow(row, row.cluster))];
  if (streams.length > clusters.length)
    rows.push(...streams.map((row) => claimRow(row, `${row.stream}, ${row.cluster}`)));
  fillTable($('claims'), ['', ...CLAIM_HEADS], rows);
  const claims = (streams.length > clusters.length ? ended.rows : clusters).flatMap((row) => row.times);
  const reasons = [...new Set(claims.filter((c) => c.mark).map((c) => c.why))];
  const why = reasons.map(
    (reason) => [...new Set(claims.filter((c) => c.why === reason && c.mark).map((c) => c.mark))].sort().join(' ') +
      ' ' + reason);
  if (claims.some((c) => c.few)) why.push('* rests on fewer than 10 requests');
  $('marks').textContent = why.join('   ·   ');
}

function showEarlier() {
  $('earlier-part').hidden = earlier.length === 0;
  fillTable(
    $('earlier'), ['run', 'cluster', 'end', ...CLAIM_HEADS],
    [...earlier].reverse().flatMap(
      (e) =>
        e.rows.filter((row) => !row.stream).map((row) => [e.id, row.cluster, e.end, ...claimRow(row, '').slice(1)])));
}

function show() {
  const p = points[points.length - 1];
  if (!run) return;
  showEnd();
  showEarlier();
  if (!p) return;
  showClock(p);
  showTiles(p);
  showFailures(p);
  showStatuses(p);
  showHttp2(p);
  showStreams(p);
  drawCharts();
  document.title = ended ? `${ended.end}: ${run.name}` : `${clock(p.t)} ${number(p.all.good)}/s ${run.name}`;
}

// Many events come at once when the page catches up: one drawing does for all of them.
let isDue = false;
function showSoon() {
  if (isDue) return;
  isDue = true;
  setTimeout(() => {
    isDue = false;
    show();
  }, 30);
}

// --- events ---

// Numbers grow; if they begin anew, all that was shown comes again.
function heed(event) {
  const n = Number(event.lastEventId.split('-')[1]);
  if (n <= lastEvent) {
    [run, points, ended, earlier] = [null, [], null, []];
  }
  lastEvent = n;
  return JSON.parse(event.data);
}

function onRun(event) {
  const next = heed(event);
  if (ended) earlier.push(ended);
  if (!run || next.streams.length !== run.streams.length) scope = 'all';
  [run, points, ended, hovered] = [next, [], null, null];
  showHead();
  setState('running', 'running');
  notice('');
  showSoon();
}

function onSecond(event) {
  const p = heed(event);
  points.push(p);
  if (points.length > POINTS_MOST) points.shift();
  setState('running', 'running');
  showSoon();
}

function onEnd(event) {
  ended = heed(event);
  setState(ended.end, ended.end === 'done' ? 'done' : 'bad');
  showSoon();
}

function connect() {
  const source = new EventSource('events');
  source.addEventListener('open', () => notice(''));
  source.addEventListener('run', onRun);
  source.addEventListener('second', onSecond);
  source.addEventListener('end', onEnd);
  source.addEventListener('error', () => {
    if (ended) {
      source.close();
      show();
      notice('loadgen has ended and serves this page no more. What it shows stays until you close or reload it.');
      return;
    }
    setState('no connection', 'bad');
    notice('The connection to loadgen is lost; trying again.');
    if (source.readyState === EventSource.CLOSED) setTimeout(connect, 2000);
  });
}

$('scope').addEventListener('change', () => {
  scope = $('scope').value === 'all' ? 'all' : Number($('scope').value);
  show();
});
addEventListener('resize', () => requestAnimationFrame(drawCharts));
makeCharts();
connect();
