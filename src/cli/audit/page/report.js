/*
 * Shows the findings that stand in this page as JSON: a page of the table at a time, so that many thousands stay usable. What
 * is shown is in the address after #, and can be kept as a bookmark. Text enters the page as text nodes alone.
 */

const rowsOnAPage = 100;
const rowsInPrint = 2000;
const severities = ['error', 'warning', 'information'];

const findings = JSON.parse(document.getElementById('findings').textContent);
const columns = [...document.querySelectorAll('thead th')];
const body = document.querySelector('tbody');
const caption = document.querySelector('caption');
const fields = Object.fromEntries(
  [...document.querySelectorAll('[data-filter]')].map((field) => [field.dataset.filter, field]),
);
const [previous, next] = ['previous', 'next'].map((id) => document.getElementById(id));
const place = document.getElementById('place');

const cells = {
  severity: ({ severity }) => [element('span', { className: severity }, severity)],
  rule: ({ rule }) => breakable(rule),
  certainty: ({ certainty }) => [certainty],
  action: ({ action }) => [action],
  object: ({ object, objectType, distinguishedName, origin }) => [
    object,
    element('small', {}, [objectType, origin].filter((part) => part !== '').join(', ')),
    element('small', {}, distinguishedName),
  ],
  attribute: ({ attribute }) => breakable(attribute),
  value: ({ value }) => [value === null ? element('span', { className: 'none' }, '(absent)') : code(value)],
  message: messageCell,
  proposal: ({ proposal }) => [proposal === null ? element('span', { className: 'none' }, 'none') : code(proposal)],
};

for (const finding of findings) finding.text = searchableText(finding);
fillChoices('rule', 'certainty', 'attribute', 'objectType');

let shown = [];
addEventListener('hashchange', show);
addEventListener('beforeprint', () => fillTable(shown.slice(0, rowsInPrint)));
addEventListener('afterprint', show);
for (const [name, field] of Object.entries(fields))
  field.addEventListener('input', () => change({ [name]: field.value, page: '' }));
for (const column of columns)
  column.querySelector('button').addEventListener('click', () => sortBy(column.dataset.column));
previous.addEventListener('click', () => turn(-1));
next.addEventListener('click', () => turn(1));
show();

function state() {
  return Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
}

function change(changes) {
  const kept = Object.entries({ ...state(), ...changes }).filter(([, value]) => value !== '');
  history.replaceState(null, '', `#${new URLSearchParams(kept)}`);
  show();
}

function sortBy(column) {
  const { sort, order } = state();
  change({ sort: column, order: sort === column && order !== 'descending' ? 'descending' : 'ascending', page: '' });
}

function turn(pages) {
  change({ page: String(Number(state().page ?? 1) + pages) });
}

function show() {
  const asked = state();
  for (const [name, field] of Object.entries(fields))
    if (field.value !== (asked[name] ?? '')) field.value = asked[name] ?? '';
  shown = sorted(matching(asked), asked);
  const pages = Math.max(1, Math.ceil(shown.length / rowsOnAPage));
  const page = Math.min(Math.max(1, Number(asked.page) || 1), pages);
  fillTable(shown.slice((page - 1) * rowsOnAPage, page * rowsOnAPage));
  for (const column of columns) {
    if (column.dataset.column === asked.sort) column.setAttribute('aria-sort', asked.order ?? 'ascending');
    else column.removeAttribute('aria-sort');
  }
  caption.textContent = `${shown.length.toLocaleString('en')} of ${findings.length.toLocaleString('en')} listed`;
  place.textContent = `Page ${page} of ${pages}`;
  previous.disabled = page === 1;
  next.disabled = page === pages;
}

function matching({ q = '', severity = '', rule = '', certainty = '', attribute = '', objectType = '' }) {
  const words = q
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return findings.filter(
    (finding) =>
      (severity === '' || finding.severity === severity) &&
      (rule === '' || finding.rule === rule) &&
      (certainty === '' || finding.certainty === certainty) &&
      (attribute === '' || finding.attribute === attribute) &&
      (objectType === '' || finding.objectType === objectType) &&
      words.every((word) => finding.text.includes(word)),
  );
}

function sorted(found, { sort = '', order = 'ascending' }) {
  if (sort === '') return found;
  const direction = order === 'descending' ? -1 : 1;
  const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
  const compare =
    sort === 'severity'
      ? (a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity)
      : (a, b) => collator.compare(a[sort] ?? '', b[sort] ?? '');
  return found.toSorted((a, b) => direction * compare(a, b));
}

function searchableText({
  rule,
  object,
  distinguishedName,
  attribute,
  value,
  proposal,
  message,
  remedy,
  holders,
  idFix,
}) {
  const held = holders.flatMap((holder) => [holder.object, holder.distinguishedName, ...holder.inputs]);
  return [rule, object, distinguishedName, attribute, value, proposal, message, remedy, idFix, ...held]
    .join('\n')
    .toLowerCase();
}

function fillChoices(...names) {
  for (const name of names.filter((one) => one in fields)) {
    const values = [...new Set(findings.map((finding) => finding[name]))].filter((value) => value !== '').sort();
    fields[name].append(...values.map((value) => new Option(value, value)));
  }
}

function fillTable(rows) {
  body.replaceChildren(...rows.map(rowOf));
}

function rowOf(finding) {
  const row = element('tr', {});
  for (const { dataset } of columns)
    row.append(element('td', { className: dataset.column }, ...cells[dataset.column](finding)));
  return row;
}

function messageCell({ message, remedy, holders, idFix }) {
  const parts = [message];
  if (remedy !== '') parts.push(element('small', {}, remedy));
  if (idFix !== '') parts.push(element('small', {}, `IdFix: ${idFix}`));
  if (holders.length > 0) {
    const list = holders.map(({ object, objectType, distinguishedName, inputs, placed }) =>
      element(
        'li',
        {},
        `${objectType} ${object}`,
        ...inputs.flatMap((input) => [' ', code(input)]),
        element('small', {}, [distinguishedName, placed].filter((part) => part !== '').join(' · ')),
      ),
    );
    parts.push(
      element(
        'details',
        {},
        element('summary', {}, holders.length === 1 ? '1 holder' : `${holders.length} holders`),
        element('ul', {}, ...list),
      ),
    );
  }
  return parts;
}

/** A long name may be broken before its capitals. */
function breakable(name) {
  return name.split(/(?<=[a-z])(?=[A-Z])/).flatMap((part) => [element('wbr', {}), part]);
}

/** A value, with what cannot be seen made visible. */
function code(value) {
  const parts = value.split(/([\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}]|[^\S ]|^ +| +$)/u);
  return element(
    'code',
    {},
    ...parts.map((part, position) =>
      position % 2 === 0 ? part : element('span', { className: 'unseen', title: 'cannot be seen' }, nameOf(part)),
    ),
  );
}

function nameOf(part) {
  if (/^ +$/.test(part)) return '␣'.repeat(part.length);
  return `U+${part.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}
