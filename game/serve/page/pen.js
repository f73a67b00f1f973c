// Pen, finger and mouse on the canvas become strokes. One of them writes at a time.

const PEN_IS_NEAR = 1000; // milliseconds after a pen was seen, in which a touch is a palm's

/**
 * Listens to a canvas.
 *
 * writer: begin(points), extend(points), end(points) and cancel(); points are of
 * {x, y, ms}: pixels from the canvas's corner, milliseconds since 1970.
 */
export function listen(canvas, writer) {
  let active = null; // the pointer that writes
  let isTouch = false;
  let penSeen = -Infinity;

  const points = (event) => {
    const box = canvas.getBoundingClientRect();
    let events = event.getCoalescedEvents ? event.getCoalescedEvents() : [];
    if (!events.length) events = [event];
    return events.map((each) => ({
      x: each.clientX - box.left,
      y: each.clientY - box.top,
      ms: performance.timeOrigin + each.timeStamp,
    }));
  };

  const notice = (event) => {
    if (event.pointerType !== "pen") return;
    penSeen = event.timeStamp;
    if (active !== null && isTouch) { // the palm came down before the pen
      active = null;
      writer.cancel();
    }
  };

  const isPalm = (event) =>
    event.pointerType === "touch" && event.timeStamp - penSeen < PEN_IS_NEAR;

  canvas.addEventListener("pointerdown", (event) => {
    notice(event);
    event.preventDefault();
    if (active !== null || event.button !== 0 || isPalm(event)) return;
    document.activeElement?.blur(); // keys are for the page again, not for a button or the slider
    active = event.pointerId;
    isTouch = event.pointerType === "touch";
    try {
      canvas.setPointerCapture(active);
    } catch { /* it has gone already */ }
    writer.begin(points(event).slice(-1));
  });

  canvas.addEventListener("pointermove", (event) => {
    notice(event);
    if (event.pointerId !== active) return;
    // Lifted where the page could not see it.
    if (event.buttons === 0) return lift(event);
    writer.extend(points(event));
  });

  const lift = (event) => {
    if (event.pointerId !== active) return;
    active = null;
    writer.end(event.type === "pointerup" ? points(event).slice(-1) : []);
  };

  canvas.addEventListener("pointerup", lift);
  canvas.addEventListener("pointercancel", (event) => {
    if (event.pointerId === active && isPalm(event)) {
      active = null;
      writer.cancel();
    } else {
      lift(event);
    }
  });
  canvas.addEventListener("lostpointercapture", lift);
  for (const kind of ["touchstart", "touchmove", "contextmenu", "selectstart", "dragstart"]) {
    canvas.addEventListener(kind, (event) => event.preventDefault(), { passive: false });
  }

  /** Ends the stroke, since something else begins, such as a command. */
  return () => {
    if (active === null) return;
    active = null;
    writer.end([]);
  };
}
