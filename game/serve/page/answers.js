// The answers over the ink, as the window draws them: a frame for each, and a caption.

const EDGE = 2, HAIR = 1, SMALL = 32, PLAIN = 14; // of the window, at scale 1

export class Answers {
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.style = getComputedStyle(canvas);
    this.answers = [];
    this.specks = [];
    this.scale = 1;
  }

  colour(name) {
    return this.style.getPropertyValue(`--${name}`);
  }

  resize(width, height, scale) {
    const ratio = window.devicePixelRatio || 1;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.scale = scale;
    this.draw();
  }

  draw() {
    const context = this.context;
    const ratio = this.canvas.width / (this.canvas.clientWidth || 1);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    for (const speck of this.specks) this.ring(speck);
    for (const answer of this.answers) this.frame(answer);
    for (const answer of this.answers) if (answer.caption) this.caption(answer);
  }

  frame({ frame, kind, dim, chosen }) {
    const context = this.context;
    const [x, y, width, height] = frame;
    let line = Math.round(this.scale * (Math.min(width, height) >= SMALL * this.scale ? EDGE : HAIR));
    context.globalAlpha = dim ? 0.45 : 1;
    const colour = this.colour(kind);
    if (chosen) {
      context.globalAlpha *= 0.16;
      context.fillStyle = colour;
      context.fillRect(x + 2, y + 2, width - 4, height - 4);
      context.globalAlpha = dim ? 0.45 : 1;
      line += Math.round(HAIR * this.scale);
    }
    context.strokeStyle = colour;
    context.lineWidth = line;
    context.beginPath();
    // What is sure has a whole line, what is not dashes, what is refused dots.
    if (kind === "sure") {
      context.roundRect(x + line / 2, y + line / 2, width - line, height - line, 2 * line);
    } else {
      context.setLineDash(kind === "unsure" ? [7 * line, 4 * line] : [line, 3 * line]);
      context.rect(x + line / 2, y + line / 2, width - line, height - line);
    }
    context.stroke();
    context.setLineDash([]);
    context.globalAlpha = 1;
  }

  caption({ caption, kind, dim, chosen: isChosen }) {
    const chosen = isChosen && caption.ofOne;
    const context = this.context;
    const [x, y, width, height] = caption.plate;
    const colour = this.colour(dim ? `${kind}-dim` : kind);
    const hair = HAIR * this.scale;
    context.beginPath();
    context.roundRect(x, y, width, height, Math.min(4 * hair, height / 2));
    context.fillStyle = chosen ? colour : this.colour("plate");
    context.fill();
    if (caption.size >= PLAIN * this.scale) {
      context.strokeStyle = colour;
      context.lineWidth = hair;
      context.stroke();
    }
    const pad = Math.max(2 * this.scale, Math.min(8 * this.scale, Math.floor(caption.size / 5)));
    context.textBaseline = "alphabetic";
    context.fillStyle = chosen ? this.colour("paper") : colour;
    this.words(caption.words, x + pad, y, height, caption.size, "700", "left");
    if (caption.figures) {
      context.fillStyle = chosen ? this.colour("paper") : this.colour(dim ? "text-dim" : "text");
      this.words(caption.figures, x + width - pad, y, height, caption.figuresSize, "400", "right");
    }
  }

  /** Capitals and digits stand in the middle of the plate. */
  words(words, x, y, height, size, weight, align) {
    const context = this.context;
    context.font = `${weight} ${size}px "Atkinson Hyperlegible", sans-serif`;
    context.textAlign = align;
    context.fillText(words, x, y + height / 2 + 0.335 * size);
  }

  ring([x, y, width, height]) {
    const context = this.context;
    const radius = (Math.max(width, height, 6 * this.scale) + 12 * this.scale) / 2;
    context.strokeStyle = this.colour("faint");
    context.lineWidth = HAIR * this.scale;
    context.beginPath();
    context.arc(x + width / 2, y + height / 2, radius, 0, 2 * Math.PI);
    context.stroke();
  }
}
