"use strict";
// Appends a run's log as the server sends it, and keeps to the end of it while the reader is there.
(function () {
  const log = document.getElementById("log");
  const source = new EventSource(log.dataset.live);
  log.textContent = "";
  source.onmessage = function (event) {
    // After a break the stream begins anew: what is here already is not shown twice.
    if (event.lastEventId === "0") log.textContent = "";
    const atEnd = window.innerHeight + window.scrollY >= document.body.scrollHeight - 80;
    log.append(JSON.parse(event.data));
    if (atEnd) window.scrollTo(0, document.body.scrollHeight);
  };
  source.addEventListener("end", function () {
    source.close();
    window.location.reload();
  });
})();
