// A class: the name at the beginning, and then what is to be written, and the verdict on it.

const ANIMALS = [
  "Badger", "Bear", "Beaver", "Crane", "Deer", "Dolphin", "Eagle", "Falcon", "Ferret", "Finch", "Fox",
  "Frog", "Gecko", "Hare", "Hedgehog", "Heron", "Ibex", "Jackdaw", "Kestrel", "Lark", "Lizard", "Lynx",
  "Magpie", "Marten", "Mole", "Moose", "Newt", "Otter", "Owl", "Panda", "Puffin", "Rabbit", "Raven",
  "Robin", "Salmon", "Seal", "Squirrel", "Stork", "Swan", "Tiger", "Toad", "Turtle", "Walrus", "Whale",
  "Wolf", "Wren",
];
const find = (id) => document.getElementById(id);

/** Asks until there is a name. refused: why the one before was none, "" at first. */
export function askForName(refused) {
  const form = find("join");
  form.hidden = false;
  find("refused").textContent = refused;
  find("name").focus();
  return new Promise((resolve) => {
    find("animal").onclick = () => {
      const animal = ANIMALS[Math.floor(Math.random() * ANIMALS.length)];
      find("name").value = `${animal} ${1 + Math.floor(Math.random() * 99)}`;
    };
    form.onsubmit = (event) => {
      event.preventDefault();
      const name = find("name").value.trim();
      if (!name) return;
      form.hidden = true;
      resolve(name);
    };
  });
}

const MAIN = ["next", "done", "start"]; // the usual next step

/** A button for a step. */
function button(name, label, act) {
  const element = document.createElement("button");
  element.type = "button";
  element.dataset.step = name;
  if (MAIN.includes(name)) {
    element.className = "main";
    element.setAttribute("aria-keyshortcuts", "Enter");
    const key = document.createElement("kbd");
    key.textContent = "Enter";
    element.append(key);
  }
  element.append(label);
  element.addEventListener("click", act);
  return element;
}

export class Task {
  /** step: is called with the name of a step, and the number of the task that it is about. */
  constructor(step) {
    this.step = step;
    this.task = null;
    this.shown = "";
  }

  /** The number of the task that is shown; undefined before the first. */
  get number() {
    return this.task?.number;
  }

  /** What the empty canvas says. */
  get invitation() {
    return this.task?.question && !this.task.remark ? "Write the answer here" : "";
  }

  show(task) {
    this.task = task;
    find("task").hidden = false;
    find("task").classList.toggle("practice", task.question !== undefined);
    find("progress").max = task.place ? task.place[1] : task.of;
    find("progress").value = task.place ? task.place[0] : task.done;
    find("count").textContent = task.place ? task.place.join(" of ") : `${task.done} of ${task.of}`;
    if (task.question === undefined) this.ask(task);
    else this.judge(task);
    const names = JSON.stringify([task.steps, task.choices]);
    if (names === this.shown) return;
    this.shown = names;
    const act = (name) => () => this.step(name, this.task.number);
    find("steps").replaceChildren(...task.steps.map(({ name, label }) => button(name, label, act(name))));
    find("choices").replaceChildren(...(task.choices ?? []).map((each) => button(each, each, act(each))));
  }

  /** A character is asked for. */
  ask(task) {
    const request = find("request");
    request.textContent = task.character ? task.request : `That is all, ${task.name}. Thank you!`;
    if (task.character && !/[a-z]/i.test(task.character)) {
      const character = document.createElement("strong");
      character.textContent = ` ${task.character}`;
      request.append(character);
    }
  }

  /** A task of practice, and the remark about its answer. */
  judge(task) {
    const [kind, words] = task.remark ?? ["", ""];
    if (find("request").textContent !== task.question) find("request").textContent = task.question;
    if (find("remark").textContent !== words) find("remark").textContent = words;
    find("remark").className = kind;
    find("score").textContent = task.score;
  }

  /** Enables what can be done. isEmpty: whether there is no ink. isSending: a step waits. */
  tidy(isEmpty, isSending) {
    const enabled = new Map((this.task?.steps ?? []).map((each) => [each.name, each.enabled]));
    for (const element of document.querySelectorAll("#steps button, #choices button")) {
      const name = element.dataset.step;
      // The board learns of the ink a moment later.
      const can = (enabled.get(name) ?? true) || (!isEmpty && (name === "next" || name === "done"));
      element.disabled = isSending || !can;
    }
  }

  /** Does the usual next step. */
  go() {
    document.querySelector("#steps .main:enabled")?.click();
  }
}
