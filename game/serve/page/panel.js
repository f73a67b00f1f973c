// What is read, a bar for each character, and the image that the network was given.

const SIDE = 28;
const SIZES = [56, 45, 36, 30, 24, 19, 16]; // of the answer's type, at scale 1

const find = (id) => document.getElementById(id);

export class Panel {
  constructor() {
    this.output = find("answer");
    this.seen = find("seen").getContext("2d");
    this.bars = [];
  }

  /** Shows the answers of a reading. isRead: whether it is of all the ink. */
  show(answers, panel, isRead) {
    const output = this.output;
    const parts = [];
    let before = null;
    answers.forEach((answer, index) => {
      if (before && before.line !== answer.line) parts.push("\n");
      else if (before && before.word !== answer.word) parts.push(" ");
      const letter = document.createElement("span");
      letter.textContent = answer.text;
      letter.className = answer.kind;
      if (index === panel.shown) letter.classList.add("shown");
      parts.push(letter);
      before = answer;
    });
    output.replaceChildren(...parts);
    output.classList.toggle("one", answers.length === 1);
    output.classList.toggle("dim", answers.some((each) => each.dim));
    output.setAttribute("aria-busy", String(!isRead));
    find("empty").hidden = answers.length > 0;
    this.fit();
    this.which(panel);
    this.draw(panel);
  }

  /** The largest type in which all of the answer has room. */
  fit() {
    const room = find("read");
    const height = room.clientHeight, width = room.clientWidth;
    for (const size of SIZES) {
      this.output.style.fontSize = `${size / 16}rem`;
      this.output.style.whiteSpace = size > 24 ? "pre" : "pre-wrap";
      if (this.output.scrollHeight <= height && this.output.scrollWidth <= width) break;
    }
    this.output.scrollTop = this.output.scrollHeight;
  }

  which(panel) {
    const several = panel.count > 1;
    for (const id of ["before", "after", "place"]) find(id).hidden = !several;
    find("place").textContent = several ? `${panel.shown + 1} of ${panel.count}` : "";
    find("before").disabled = panel.shown === 0;
    find("after").disabled = panel.shown === panel.count - 1;
    const caption = find("caption");
    caption.textContent = panel.caption ?? "";
    caption.className = panel.kind ?? "";
    find("likely").textContent = panel.likely ?? "";
  }

  draw(panel) {
    const list = find("bars");
    while (this.bars.length > panel.bars.length) this.bars.pop().row.remove();
    while (this.bars.length < panel.bars.length) {
      const row = document.createElement("li");
      const [name, bar, figure] = ["span", "span", "span"].map((each) => document.createElement(each));
      name.className = "name";
      bar.className = "bar";
      figure.className = "figure";
      const fill = document.createElement("i");
      bar.append(fill);
      row.append(name, bar, figure);
      list.append(row);
      this.bars.push({ row, name, fill, figure });
    }
    panel.bars.forEach(([label, share, words], index) => {
      const { row, name, fill, figure } = this.bars[index];
      name.textContent = label;
      figure.textContent = words;
      fill.style.setProperty("--share", share ?? 0);
      const isBest = share !== null && label === panel.best;
      row.className = isBest ? `best ${panel.kind}` : "";
    });
    this.image(panel.image);
  }

  image(data) {
    if (!data) return this.seen.clearRect(0, 0, SIDE, SIDE);
    const picture = this.seen.createImageData(SIDE, SIDE);
    Array.from(atob(data), (each) => each.charCodeAt(0)).forEach((grey, at) => {
      picture.data.set([grey, grey, grey, 255], 4 * at);
    });
    this.seen.putImageData(picture, 0, 0);
  }
}
