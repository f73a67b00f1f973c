// The page: one screen of canvas, answers and tools, joined to the board of the game.

import { Answers } from "./answers.js";
import { Connection, name } from "./connection.js";
import { Ink } from "./ink.js";
import { Panel } from "./panel.js";
import { listen } from "./pen.js";
import { askForName, Task } from "./task.js";

const TOAST = 4000; // milliseconds
const find = (id) => document.getElementById(id);

const stage = find("stage");
const ink = new Ink(find("ink"));
const answers = new Answers(find("answers"));
const panel = new Panel();
const state = { pens: [12], strokes: [], writes: 0, answers: [], panel: { shown: null, count: 0, bars: [] } };
const written = new Map(); // the strokes of this page with their times, by number
let writing = 0; // the number of the stroke under the pen

const scale = () => parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
const place = () => ({
  size: [stage.clientWidth, stage.clientHeight].map((each) => Math.max(1, each)),
  scale: Math.min(8, Math.max(0.25, scale())),
});
const rounded = (number) => Math.round(100 * number) / 100;
const onPage = ({ x, y, ms }) => [...ink.toPage(x, y).map(rounded), Math.round(10 * ms) / 10];

// What comes from the board

function show(news) {
  for (const [number, points] of news.ink ?? []) ink.points.set(number, points.flat());
  Object.assign(state, news);
  if (news.sheet) document.body.classList.add("sheet");
  if (news.view || news.page || news.pen) lie();
  ink.show(strokes());
  if (news.answers && !state.sheet) answers.answers = news.answers;
  if (news.specks) answers.specks = news.specks;
  if (news.answers || news.specks) answers.draw();
  if (news.answers || news.panel || news.read !== undefined) {
    panel.show(state.answers, state.panel, state.read && !connection.pending.length);
  }
  if (news.task) {
    task.show(news.task);
    find("invitation").textContent = task.invitation;
  }
  if (news.toast) toast(news.toast[1], news.toast[2]);
  if (news.pens) find("width").max = news.pens.length - 1;
  if (news.pen) find("width").value = nearest(news.pen);
  if (news.letters !== undefined) {
    find("letters").setAttribute("aria-pressed", String(news.letters));
    const reads = news.letters ? "Draw digits and letters" : "Draw digits";
    find("invitation").textContent = isClass ? task.invitation : reads;
  }
  tidy();
}

/** Lays the page under the canvas: as the board says, or all of a window's page. */
function lie() {
  if (state.sheet) {
    const [width, height] = state.page;
    const [across, down] = place().size;
    const scale = Math.min(across / width, down / height);
    const left = (across - width * scale) / 2, top = (down - height * scale) / 2;
    state.view = [scale, left, top];
    const paper = find("paper").style;
    [paper.left, paper.top] = [`${left}px`, `${top}px`];
    [paper.width, paper.height] = [`${width * scale}px`, `${height * scale}px`];
  }
  ink.place(state.view, state.pen);
}

/** The board's strokes, and then what it was sent but has not acknowledged. */
function strokes() {
  let numbers = [...state.strokes];
  let live = state.writes;
  if (live && !numbers.includes(live)) numbers.push(live);
  for (const message of connection.pending) {
    if (message.do === "ink" && message.first) numbers.push(live = message.n);
    else if (message.do === "clear") numbers = [];
    else if (message.do === "cancel") numbers = numbers.filter((each) => each !== live);
  }
  if (writing && !numbers.includes(writing)) numbers.push(writing);
  return numbers;
}

/** Takes the invitation away where there is ink, and buttons that would do nothing. */
function tidy() {
  find("invitation").hidden = !ink.isEmpty;
  task.tidy(ink.isEmpty, connection.isStepping);
  for (const id of ["clear", "png", "inkml"]) find(id).disabled = ink.isEmpty;
}

function toast(kind, words) {
  const line = find("toast");
  line.textContent = words;
  line.className = kind;
  line.hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { line.hidden = true; }, TOAST);
}

function save(name, data) {
  const bytes = Uint8Array.from(atob(data), (each) => each.charCodeAt(0));
  const link = document.createElement("a");
  link.download = name;
  link.href = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  toast("info", `Saved ${name}.`);
}

const isClass = document.body.classList.contains("class");
if (isClass && !name.get()) name.set(await askForName(""));

const task = new Task((step, number) => {
  if (!connection.isStepping) change({ do: "task", name: step, task: number });
});

const hello = () => (task.number === undefined ? place() : { ...place(), task: task.number });
const connection = new Connection(hello, {
  state: show,
  file: save,
  forgotten(step, number) {
    // Where the board has another task than the page, the step was done before, with all ink
    // that was written until then.
    const isDone = number !== task.number;
    const order = ink.order.filter((each) => !isDone || (step && each > step.n));
    const live = writing;
    const before = step && !isDone ? order.filter((each) => each < step.n) : order;
    const strokes = new Map(order.map((each) => [each, written.get(each) ?? timed(ink.points.get(each))]));
    ink.points.clear();
    written.clear();
    writing = 0;
    const rewrite = (each) => {
      const points = strokes.get(each);
      const own = connection.write(points, true, each !== live);
      if (each === live) writing = own;
      written.set(own, points);
      ink.points.set(own, points.flatMap(([x, y]) => [x, y]));
    };
    before.forEach(rewrite);
    if (step && !isDone) connection.change({ do: "task", name: step.name, task: step.task });
    order.slice(before.length).forEach(rewrite);
  },
  status(kind, words) {
    find("link").className = kind;
    find("link").textContent = kind === "refused" ? `${words} Reload to write here.` : words;
    if (kind === "refused" && isClass && !state.task) {
      askForName(words).then((answer) => { // the name is another's
        name.set(answer);
        connection.connect();
      });
    }
  },
});

/** Points [x, y, …] as [x, y, ms] each, where their times are not known any more. */
function timed(points) {
  const now = Date.now();
  return points.flatMap((x, at) => (at % 2 ? [] : [[x, points[at + 1], now + 5 * at]]));
}

// What is done on the page

const letGo = listen(find("ink"), {
  begin(points) {
    const first = points.map(onPage);
    writing = connection.write(first, true, false);
    written.set(writing, first);
    ink.begin(writing, first[0]);
    wait();
  },
  extend(points) {
    if (writing) extend(points.map(onPage), false);
  },
  end(points) {
    if (!writing) return;
    extend(points.map(onPage), true);
    writing = 0;
  },
  cancel() {
    if (!writing) return;
    writing = 0;
    connection.change({ do: "cancel" });
    ink.show(strokes());
    wait();
  },
});

function extend(points, isLast) {
  ink.extend(writing, points);
  written.get(writing).push(...points);
  connection.write(points, false, isLast);
}

function change(message) {
  letGo();
  connection.change(message);
  ink.show(strokes());
  wait();
}

/** What is read is not of all the ink any more. */
function wait() {
  find("answer").setAttribute("aria-busy", "true");
  tidy();
}

const nearest = (pen) => state.pens.reduce(
  (best, width, at, pens) => (Math.abs(width - pen) < Math.abs(pens[best] - pen) ? at : best), 0);

function setPen(index) {
  const at = Math.min(state.pens.length - 1, Math.max(0, index));
  find("width").value = at;
  ink.place(ink.view, state.pens[at]);
  change({ do: "pen", width: state.pens[at] });
}

function select(index) {
  const { count } = state.panel;
  if (count) connection.say({ do: "select", answer: Math.min(count - 1, Math.max(0, index)) });
}

const step = (by) => {
  if (state.panel.shown !== null) select(state.panel.shown + by);
};

function fetchFile(kind) {
  letGo();
  if (!connection.say({ do: "save", as: kind })) toast("error", "Not saved: there is no connection.");
}

const commands = {
  clear: () => change({ do: "clear" }),
  undo: () => change({ do: "undo" }),
  redo: () => change({ do: "redo" }),
  letters: () => change({ do: "letters", on: find("letters").getAttribute("aria-pressed") !== "true" }),
  png: () => fetchFile("png"),
  inkml: () => fetchFile("inkml"),
  before: () => step(-1),
  after: () => step(1),
};
for (const [id, command] of Object.entries(commands)) find(id).addEventListener("click", command);

const width = find("width");
width.addEventListener("input", () => setPen(Number(width.value)));

const keys = {
  c: commands.clear,
  delete: commands.clear,
  l: commands.letters,
  s: commands.png,
  i: commands.inkml,
  enter: () => isClass && task.go(),
  "[": () => setPen(Number(width.value) - 1),
  "]": () => setPen(Number(width.value) + 1),
  escape: () => connection.say({ do: "select", answer: null }),
  "command+z": commands.undo,
  "command+shift+z": commands.redo,
  "command+y": commands.redo,
};

addEventListener("keydown", (event) => {
  if (event.target === find("name")) return;
  // Enter presses the button that has the focus.
  if (event.key === "Enter" && event.target.tagName === "BUTTON") return;
  const command = event.ctrlKey || event.metaKey;
  if (event.altKey && !event.key.match(/^[[\]]$/)) return;
  const name = event.key.toLowerCase();
  const shift = command && event.shiftKey ? "shift+" : "";
  let action = keys[`${command ? "command+" : ""}${shift}${name}`];
  // The arrows move the slider where that has the focus.
  if (!command && event.target !== width) {
    if (name === "arrowleft") action = commands.before;
    if (name === "arrowright") action = commands.after;
  }
  if (!action || event.repeat && name === "c") return;
  event.preventDefault();
  action();
});

// Where it stands

let shownSize = "";

function resize() {
  const { size, scale: interfaceScale } = place();
  const now = [...size, interfaceScale, devicePixelRatio].join();
  if (now === shownSize) return;
  shownSize = now;
  ink.resize(...size);
  answers.resize(...size, interfaceScale);
  if (state.sheet) lie();
  panel.fit();
  connection.say({ do: "size", size, scale: interfaceScale });
}

new ResizeObserver(resize).observe(stage);
addEventListener("resize", resize);
document.fonts.ready.then(() => answers.draw());
Promise.all(["400", "700"].map((weight) => document.fonts.load(`${weight} 20px "Atkinson Hyperlegible"`)))
  .then(() => answers.draw());
resize();
