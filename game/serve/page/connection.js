// The websocket to the board. What changes the ink is numbered, and kept until it is acknowledged:
// after a lost connection it is sent again, and the board does each message once.

const PATIENCE = [200, 5000]; // milliseconds until the next try to connect: the first, the last
const MOST_POINTS = 900; // in a message
const SESSION = "inkling-session", NAME = "inkling-name";

function kept(key) {
  try {
    return sessionStorage.getItem(key) || "";
  } catch {
    return "";
  }
}

function keep(key, value) {
  try {
    sessionStorage.setItem(key, value);
  } catch { /* the browser forbids it; then a reload begins a new page */ }
}

/** The name in a class, "" before it is given. */
export const name = {
  get: () => kept(NAME),
  set: (value) => keep(NAME, value),
};

const ENDED = 4001, REFUSED = 1008;

export class Connection {
  /**
   * place: gives {size, scale} of the canvas, and the number of the task that is shown. on:
   * state(state), file(name, data), forgotten(step, number), where the board has forgotten the page
   * and its ink is to be written again (step: of the task, that was sent but not acknowledged;
   * number: of the task that the board has now), and status(kind, words), where kind is "well",
   * "lost" or "refused".
   */
  constructor(place, on) {
    this.place = place;
    this.on = on;
    this.pending = []; // not acknowledged yet
    this.session = kept(SESSION);
    this.last = 0; // the number given last
    this.sent = 0; // the last number sent on this socket
    this.isOpen = false;
    this.isFresh = true;
    this.wait = PATIENCE[0];
    for (const kind of ["online", "pageshow", "focus"]) {
      addEventListener(kind, () => this.hurry());
    }
    document.addEventListener("visibilitychange", () => this.hurry());
    this.connect();
  }

  connect() {
    clearTimeout(this.timer);
    this.timer = null;
    const address = new URL("ink", location.href);
    address.protocol = "ws:";
    const socket = new WebSocket(address);
    this.socket = socket;
    socket.onopen = () => {
      const hello = { do: "hello", session: this.session, fresh: this.isFresh };
      if (name.get()) hello.name = name.get();
      socket.send(JSON.stringify({ ...hello, ...this.place() }));
    };
    socket.onmessage = (event) => this.take(JSON.parse(event.data));
    socket.onclose = (event) => this.lost(event);
  }

  /** Tries at once, where a try is waited for. */
  hurry() {
    if (this.timer && !document.hidden) this.connect();
  }

  lost(event) {
    this.isOpen = false;
    if (event.code === ENDED || event.code === REFUSED) {
      this.on.status("refused", event.reason);
      return;
    }
    this.on.status("lost", "not connected: trying again …");
    this.timer = setTimeout(() => this.connect(), this.wait);
    this.wait = Math.min(2 * this.wait, PATIENCE[1]);
  }

  take(message) {
    if (message.file) return this.on.file(message.file, message.data);
    if (message.session) this.welcome(message);
    if (message.seen !== undefined) {
      this.pending = this.pending.filter((each) => each.n > message.seen);
    }
    this.on.state(message);
    this.flush();
  }

  welcome(state) {
    const isOther = this.session !== state.session;
    const step = this.pending.find((each) => each.do === "task");
    this.session = state.session;
    keep(SESSION, this.session);
    this.isOpen = true;
    this.wait = PATIENCE[0];
    this.on.status("well", "connected");
    if (this.isFresh || isOther) {
      this.last = state.seen;
      this.pending = [];
    }
    this.sent = state.seen;
    if (isOther && !this.isFresh) this.on.forgotten(step, state.task?.number);
    this.isFresh = false;
  }

  /** Whether a step of a task was sent, or is to be, and is not acknowledged. */
  get isStepping() {
    return this.pending.some((each) => each.do === "task");
  }

  /** Sends what changes the ink, now or later. Returns its number. */
  change(message) {
    const n = ++this.last;
    this.pending.push({ ...message, n });
    this.flush();
    return n;
  }

  /** Sends points of a stroke, [x, y, ms] each. Returns the number of their message. */
  write(points, first, last) {
    const waiting = this.pending.at(-1);
    // While there is no connection one message grows, so that few are to be sent at once.
    if (!this.isOpen && !first && waiting?.do === "ink" && !waiting.last && waiting.n > this.sent &&
        waiting.points.length + points.length <= MOST_POINTS) {
      waiting.points.push(...points);
      waiting.last = last;
      return waiting.n;
    }
    let number = 0;
    for (let at = 0; at === 0 || at < points.length; at += MOST_POINTS) {
      const part = points.slice(at, at + MOST_POINTS);
      const isLast = last && at + MOST_POINTS >= points.length;
      const n = this.change({ do: "ink", first: first && at === 0, last: isLast, points: part });
      number ||= n;
    }
    return number;
  }

  /** Sends what need not be kept. Returns whether there is a connection for it. */
  say(message) {
    if (this.isOpen) this.socket.send(JSON.stringify(message));
    return this.isOpen;
  }

  flush() {
    if (!this.isOpen || this.socket.readyState !== WebSocket.OPEN) return;
    for (const each of this.pending) {
      if (each.n <= this.sent) continue;
      this.socket.send(JSON.stringify(each));
      this.sent = each.n;
    }
  }
}
