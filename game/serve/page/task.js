// A class: the name at the beginning, and then what is to be written.

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

export class Task {
  /** step: is called with "next", "back" or "skip". */
  constructor(step) {
    this.step = step;
    for (const id of ["next", "back", "skip"]) find(id).addEventListener("click", () => step(id));
  }

  show(task) {
    find("task").hidden = false;
    const isDone = task.done >= task.of || !task.character;
    const request = find("request");
    request.textContent = isDone ? `That is all, ${task.name}. Thank you!` : task.request;
    if (!isDone && !/[a-z]/i.test(task.character)) {
      const character = document.createElement("strong");
      character.textContent = ` ${task.character}`;
      request.append(character);
    }
    find("progress").max = task.of;
    find("progress").value = task.done;
    find("count").textContent = `${task.done} of ${task.of}`;
    find("back").disabled = task.first;
    find("next").disabled = find("skip").disabled = isDone;
  }
}
