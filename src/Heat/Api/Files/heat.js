'use strict';

// Times are written in UTC; whoever looks sees them in their own zone, and UTC under the pointer.
const inOwnZone = root => {
  for (const time of root.querySelectorAll('time[datetime]')) {
    const at = new Date(time.dateTime);
    if (Number.isNaN(at.getTime())) continue;
    const options = { dateStyle: 'medium', timeStyle: time.dataset.exact === undefined ? 'short' : 'medium' };
    time.textContent = new Intl.DateTimeFormat(navigator.language, options).format(at);
  }
};

// What changed is shown in place; whoever was on a button stays there.
const show = (box, html) => {
  const focused = box.contains(document.activeElement) ? document.activeElement.id : '';
  box.innerHTML = html;
  inOwnZone(box);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
};

// A browser has six connections to a server: a page that nobody sees needs none.
const follow = box => {
  let source, over = false;
  const close = () => { source?.close(); source = undefined; };
  const open = () => {
    if (source || over || document.hidden) return;
    source = new EventSource(box.dataset.live);
    source.onmessage = event => show(box, event.data);
    source.addEventListener('end', event => { over = true; close(); show(box, event.data); });
  };
  document.addEventListener('visibilitychange', () => document.hidden ? close() : open());
  addEventListener('pagehide', close);
  addEventListener('pageshow', open);
  open();
};

inOwnZone(document);
for (const box of document.querySelectorAll('[data-live]')) follow(box);
