'use strict';

// Times are written in UTC; whoever looks sees them in their own zone, and UTC under the pointer.
const inOwnZone = root => {
  for (const time of root.querySelectorAll('time[datetime*=T]')) {
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

// A browser has six connections to a server: windows that show the same share one, and one that nobody sees needs none.
// Who holds the lock has the connection and passes on what comes. Over plain HTTP from another machine there are no
// locks, and each window has its own.
const follow = box => {
  const address = box.dataset.live;
  const others = navigator.locks ? new BroadcastChannel(address) : undefined;
  let giveUp, over = false;
  const take = ({ html, isEnd }) => {
    show(box, html);
    if (isEnd) { over = true; close(); }
  };
  const listen = () => new Promise(release => {
    const source = new EventSource(address);
    const tell = (html, isEnd) => { others?.postMessage({ html, isEnd }); take({ html, isEnd }); };
    source.onmessage = event => tell(event.data, false);
    source.addEventListener('end', event => tell(event.data, true));
    giveUp.signal.addEventListener('abort', () => { source.close(); release(); });
  });
  const open = () => {
    if (giveUp || over || document.hidden) return;
    giveUp = new AbortController();
    if (!others) { listen(); return; }
    navigator.locks.request(address, { signal: giveUp.signal }, listen).catch(() => {});
  };
  const close = () => { giveUp?.abort(); giveUp = undefined; };
  if (others) others.onmessage = event => take(event.data);
  document.addEventListener('visibilitychange', () => document.hidden ? close() : open());
  addEventListener('pagehide', close);
  addEventListener('pageshow', open);
  open();
};

// Days are counted by the service, in the zone that this cookie tells it; a page that came before is asked for again.
const tellZone = () => {
  const zone = `heat_zone=${Intl.DateTimeFormat().resolvedOptions().timeZone}`;
  const isTold = () => document.cookie.split('; ').includes(zone);
  if (isTold()) return;
  document.cookie = `${zone}; path=/ui; max-age=31536000; samesite=strict`;
  if (isTold() && document.querySelector('[data-zone]')) location.reload();
};

inOwnZone(document);
tellZone();
if (document.querySelector('[data-plot]'))
  document.head.append(Object.assign(document.createElement('script'), { src: document.body.dataset.plots }));
for (const box of document.querySelectorAll('[data-live]')) follow(box);
