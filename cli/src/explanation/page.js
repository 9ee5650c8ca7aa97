'use strict';
const panel = document.getElementById('story');
const lines = [...document.querySelectorAll('.line[data-story]')];
const steps = lines.filter((line) => line.matches('[role=option]'));
let kept = null;

function show(line) {
  const story = document.getElementById(line.dataset.story);
  panel.replaceChildren(...story.cloneNode(true).childNodes);
}

function choose(line) {
  for (const other of lines) {
    const chosen = line !== null && other.dataset.story === line.dataset.story;
    other.classList.toggle('chosen', chosen);
    if (other.hasAttribute('aria-selected')) other.setAttribute('aria-selected', String(chosen));
  }
  kept = line;
  panel.classList.toggle('kept', line !== null);
  if (line !== null) {
    show(line);
    // On a narrow screen the story covers the lower lines.
    line.scrollIntoView({ block: 'nearest' });
  }
}

function step(line) {
  for (const other of steps) other.tabIndex = other === line ? 0 : -1;
  line.focus();
}

const first = (line) => steps.find((other) => other.dataset.story === line.dataset.story);

for (const line of lines) {
  line.addEventListener('mouseenter', () => { if (kept === null) show(line); });
  line.addEventListener('click', () => { step(first(line)); choose(line); });
}
for (const line of steps) {
  line.addEventListener('focus', () => { if (kept === null) show(line); });
}

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === 'Escape') { choose(null); return; }
  const at = steps.indexOf(document.activeElement);
  if (event.key === 'p' && event.target.type !== 'checkbox') {
    const patched = steps.filter((line) => line.classList.contains('emergency_patch'));
    const next = patched.find((line) => steps.indexOf(line) > at) ?? patched[0];
    if (next) { step(next); event.preventDefault(); }
    return;
  }
  if (at < 0) return;
  const goal = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: steps.length - 1 }[event.key];
  if (goal !== undefined) {
    if (steps[goal]) step(steps[goal]);
    event.preventDefault();
  } else if (event.key === 'Enter' || event.key === ' ') {
    choose(kept === steps[at] ? null : steps[at]);
    event.preventDefault();
  }
});

for (const box of document.querySelectorAll('input[type=checkbox]')) {
  box.addEventListener('change', () => {
    for (const line of document.querySelectorAll(`.line.${box.value}`)) line.classList.toggle('off', !box.checked);
  });
}

// What is asked about first where there is a patch: what it did.
const patched = steps.find((line) => line.classList.contains('emergency_patch'));
if (patched) show(patched);
if (steps.length > 0) steps[0].tabIndex = 0;
