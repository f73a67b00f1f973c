// What the teacher sees: who is here, how far each is, and what each wrote last.

const SIDE = 28;
const PAUSE = 1000; // milliseconds between two looks
const find = (id) => document.getElementById(id);
const cards = new Map();

function card(name) {
  const element = document.createElement("article");
  const title = document.createElement("h2");
  title.textContent = name;
  const picture = document.createElement("canvas");
  picture.width = picture.height = SIDE;
  const label = document.createElement("strong");
  const bar = document.createElement("progress");
  const count = document.createElement("p");
  const remove = document.createElement("button");
  remove.type = "button";
  remove.addEventListener("click", () => take(name, !cards.get(name).isRemoved));
  element.append(title, picture, label, bar, count, remove);
  find("pupils").append(element);
  return { element, picture, label, bar, count, remove, shown: "", isRemoved: false };
}

/** Takes a pupil out of the class, or back. */
async function take(name, removed) {
  const question = `Take ${name} out of the class? What ${name} wrote stays on this computer.`;
  if (removed && !confirm(question)) return;
  await fetch("remove", { method: "POST", body: JSON.stringify({ name, removed }) });
  look();
}

/** Characters side by side, as the network saw them. */
function draw(canvas, images) {
  canvas.width = SIDE * Math.max(1, images.length);
  const context = canvas.getContext("2d");
  images.forEach((data, place) => {
    const picture = context.createImageData(SIDE, SIDE);
    Array.from(atob(data), (each) => each.charCodeAt(0)).forEach((grey, at) => {
      picture.data.set([grey, grey, grey, 255], 4 * at);
    });
    context.putImageData(picture, SIDE * place, 0);
  });
}

function showCard({ name, here, removed, done, of, right, newest }) {
  if (!cards.has(name)) cards.set(name, card(name));
  const own = cards.get(name);
  own.isRemoved = removed;
  own.element.hidden = false;
  own.element.classList.toggle("away", !here);
  own.element.classList.toggle("removed", removed);
  own.remove.textContent = removed ? "take back" : "×";
  own.remove.title = own.remove.ariaLabel = removed ? `take ${name} back` : `take ${name} out of the class`;
  own.bar.max = of || 1;
  own.bar.value = done;
  own.bar.setAttribute("aria-label", `${name}: ${done} of ${of}`);
  const rights = right === null ? "" : `, ${right} right`;
  const where = removed ? ", out of the class" : here ? "" : ", away";
  own.count.textContent = right === null && done === of ? "done" : `${done} of ${of}${rights}${where}`;
  const shown = JSON.stringify(newest);
  if (!newest || own.shown === shown) return;
  own.shown = shown;
  own.label.textContent = newest.words;
  own.label.className = newest.verdict;
  own.picture.setAttribute("role", "img");
  own.picture.setAttribute("aria-label", `newest of ${name}: ${newest.words} ${newest.verdict}`.trim());
  draw(own.picture, newest.images);
}

function show({ pupils, missed }) {
  for (const { element } of cards.values()) element.hidden = true;
  pupils.forEach(showCard);
  const present = pupils.filter((each) => !each.removed);
  const here = present.filter((each) => each.here).length;
  const sum = (key) => present.reduce((total, each) => total + each[key], 0);
  const rights = present.some((each) => each.right !== null) ? `, ${sum("right")} right` : "";
  find("sum").textContent = `${here} of ${present.length} here, ${sum("done")} done${rights}`;
  find("empty").hidden = pupils.length > 0;
  find("missed").hidden = missed.length === 0;
  find("missed").querySelector("ol").replaceChildren(...missed.map(({ task, wrong, of }) => {
    const line = document.createElement("li");
    const words = document.createElement("strong");
    words.textContent = task;
    line.append(words, ` ${wrong} of ${of}`);
    return line;
  }));
}

async function look() {
  clearTimeout(look.timer);
  try {
    const answer = await fetch("table.json");
    if (answer.ok) show(await answer.json());
    find("sum").classList.toggle("lost", !answer.ok);
  } catch {
    find("sum").textContent = "not connected: trying again …";
    find("sum").classList.add("lost");
  }
  look.timer = setTimeout(look, PAUSE);
}

look();
