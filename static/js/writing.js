// Help with writing Markdown: the buttons above a text area, by mouse, touch and keyboard. Without this file the text
// is typed with its marks, and the buttons are not shown. All that they change can be undone like typing.
(() => {
  "use strict";

  const MAC = /Mac|iPhone|iPad/.test(navigator.platform);
  const MARKS = { bold: 2, italic: 1 };

  // --- Changing the text ----------------------------------------------------------------------------------

  const tell = (area, words) => {
    const place = document.querySelector(`[aria-controls="${area.id}"] + .js-writing-words`);
    place.textContent = "";
    setTimeout(() => { place.textContent = words; }, 50);
  };

  const fits = (area, from, to, words) => area.maxLength < 0 || area.value.length - (to - from) + words.length <= area.maxLength;

  const MANY_LINES = 40;

  // Writes over the selection the way that the browser's undo knows. Of many lines, Chromium makes as many commands, and
  // takes seconds for some hundred; the same words in one block are one command, where they arrive as they are.
  const type = (area, words, wanted) => {
    const { value: before, selectionStart: from, selectionEnd: to } = area;
    if (words.split("\n").length > MANY_LINES) {
      const plain = words.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
      document.execCommand("insertHTML", false, `<pre>\n${plain}\n</pre>`);
      if (area.value === wanted) return;
      if (area.value !== before) document.execCommand("undo");
      area.setSelectionRange(from, to);
    }
    document.execCommand(words ? "insertText" : "delete", false, words);
  };

  // Puts words in the place of what stands between two positions, then selects between `start` and `end` (positions in
  // the new text). It is one step for undo (where the browser cannot, the text still changes) and one input for whoever
  // listens. False where the text would become too long: then nothing is changed.
  const replace = (area, from, to, words, start = from + words.length, end = start) => {
    if (!fits(area, from, to, words)) return false;
    area.focus();
    if (area.value.slice(from, to) !== words) {
      const wanted = area.value.slice(0, from) + words + area.value.slice(to);
      const hold = (event) => event.stopImmediatePropagation();
      area.setSelectionRange(from, to);
      window.addEventListener("input", hold, true);
      type(area, words, wanted);
      window.removeEventListener("input", hold, true);
      if (area.value !== wanted) area.value = wanted;
      area.dispatchEvent(new Event("input", { bubbles: true }));
    }
    area.setSelectionRange(start, end);
    return true;
  };

  // The lines that the selection touches, whole.
  const block = (area) => {
    const { value, selectionStart: start, selectionEnd: end } = area;
    const from = value.lastIndexOf("\n", start - 1) + 1;
    // Who selects whole lines selects the last line break too, and means nothing of the line after it.
    const last = end > start && value[end - 1] === "\n" ? end - 1 : end;
    const next = value.indexOf("\n", last);
    const to = next < 0 ? value.length : next;
    return { from, to, lines: value.slice(from, to).split("\n") };
  };

  // --- Bold and italic ------------------------------------------------------------------------------------

  const LETTER = /[\p{L}\p{N}_'’]/u;
  const EMPHASIS = /(?<![\\*])(\*{1,3})(?=[^\s*])(.+?)(?<=[^\s\\*]\**)\1(?!\*)/g;
  const BEFORE_WORDS = /^\s*(?:>\s?|#{1,6}\s+|[-*+]\s+|\d{1,9}[.)]\s+)*/;

  const wordAround = (value, at) => {
    let [from, to] = [at, at];
    while (from > 0 && LETTER.test(value[from - 1])) from -= 1;
    while (to < value.length && LETTER.test(value[to])) to += 1;
    return [from, to];
  };

  // Marks are looked for near what is selected: a long line of signs would take a pattern seconds.
  const NEAR = 1000;
  const near = (line, a, b) => {
    const [from, to] = [Math.max(0, a - NEAR), Math.min(line.length, b + NEAR)];
    return to - from > 4 * NEAR ? { from, part: "" } : { from, part: line.slice(from, to) };
  };

  // The marked words on a line that hold everything from `a` to `b` and are marked with (at least) this many stars.
  const marked = (line, a, b, size, offset = 0) => {
    for (const found of line.matchAll(EMPHASIS)) {
      const run = found[1].length;
      const inner = [offset + found.index + run, offset + found.index + found[0].length - run];
      if (a < inner[0] - run || b > inner[1] + run) continue;
      if (run === 3 || run === size) return inner;
      return marked(found[2], a, b, size, inner[0]);
    }
    return null;
  };

  // What is to be marked of the selection, piece by piece: no mark reaches over a line, a cell of a table or a space.
  const pieces = (area) => {
    const { value, selectionStart, selectionEnd } = area;
    const [start, end] = selectionStart === selectionEnd ? wordAround(value, selectionStart) : [selectionStart, selectionEnd];
    const found = [];
    const { from, lines } = block(area);
    let at = from;
    for (const line of lines) {
      const cells = line.trimStart().startsWith("|") ? line.matchAll(/(?:\\.|[^|\\])+/g) : [{ 0: line, index: 0 }];
      for (const cell of cells) {
        const begin = at + cell.index + cell[0].match(BEFORE_WORDS)[0].length;
        let [a, b] = [Math.max(start, begin), Math.min(end, at + cell.index + cell[0].length)];
        while (a < b && /\s/.test(value[a])) a += 1;
        while (a < b && /\s/.test(value[b - 1])) b -= 1;
        if (a < b && !/^[-:]+$/.test(value.slice(a, b))) found.push({ a, b, line, at });
      }
      at += line.length + 1;
    }
    return found;
  };

  const held = (piece, size) => {
    const { line, at, a, b } = piece;
    const { from, part } = near(line, a - at, b - at);
    return marked(part, a - at - from, b - at - from, size)?.map((position) => position + at + from) || null;
  };

  const emphasized = (area, size) => {
    const found = pieces(area);
    if (found.length) return found.every((piece) => held(piece, size));
    const { from, lines: [line] } = block(area);
    return Boolean(held({ line, at: from, a: area.selectionStart, b: area.selectionStart }, size));
  };

  const apply = (area, edits, [start, inside], [end, outside]) => {
    const ordered = edits.sort((one, other) => one.at - other.at);
    const [from, to] = [ordered[0].at, Math.max(...ordered.map((edit) => edit.at + edit.gone))];
    let words = "";
    let at = from;
    ordered.forEach((edit) => {
      words += area.value.slice(at, edit.at) + edit.come;
      at = edit.at + edit.gone;
    });
    const moved = (position, also) => ordered.reduce((sum, { at: place, gone, come }) => {
      if (place > position || (place === position && !also)) return sum;
      return sum + come.length - Math.min(gone, position - place);
    }, position);
    return replace(area, from, to, words, moved(start, inside), moved(end, outside));
  };

  const emphasize = (area, size, placeholder) => {
    const stars = "*".repeat(size);
    const found = pieces(area);
    if (!found.length && !emphasized(area, size)) {
      const at = area.selectionEnd;
      return replace(area, at, at, stars + placeholder + stars, at + size, at + size + placeholder.length);
    }
    const { from, lines: [line] } = block(area);
    const here = found.length ? found : [{ line, at: from, a: area.selectionStart, b: area.selectionStart }];
    const off = here.every((piece) => held(piece, size));
    const edits = new Map();
    here.forEach((piece) => {
      const inner = held(piece, size);
      if (off) {
        edits.set(inner[0] - size, { at: inner[0] - size, gone: size, come: "" });
        edits.set(inner[1], { at: inner[1], gone: size, come: "" });
      } else if (!inner) {
        edits.set(piece.a, { at: piece.a, gone: 0, come: stars });
        edits.set(piece.b, { at: piece.b, gone: 0, come: stars });
      }
    });
    const { selectionStart: start, selectionEnd: end } = area;
    const [first] = here;
    // A caret stays in its word; one piece stays selected without its marks, several with them.
    if (start === end) return apply(area, [...edits.values()], [start, start === first.a], [end, start === first.a]);
    if (here.length === 1) return apply(area, [...edits.values()], [first.a, true], [first.b, false]);
    return apply(area, [...edits.values()], [start, false], [end, true]);
  };

  // --- Headings, lists, quotes ----------------------------------------------------------------------------

  const LEAD = /^(\s*)(?:#{1,6} +|[-*+] +|\d{1,9}[.)] +)?/;
  const KINDS = {
    heading: { is: /^\s*## +/, lead: () => "## " },
    subheading: { is: /^\s*### +/, lead: () => "### " },
    list: { is: /^\s*[-*+] +/, lead: (indent) => `${indent}- ` },
    numbered: { is: /^\s*\d{1,9}[.)] +/, lead: (indent, number) => `${indent}${number}. ` },
    quote: { is: /^\s*>/, lead: null },
  };

  const said = (lines) => (lines.length === 1 ? lines : lines.filter((line) => line.trim()));
  const led = (area, kind) => said(block(area).lines).every((line) => KINDS[kind].is.test(line));

  const lead = (area, kind) => {
    const { from, to, lines } = block(area);
    const off = led(area, kind);
    const alone = lines.length === 1;
    let number = 0;
    const changed = lines.map((line) => {
      if (kind === "quote") return off ? line.replace(/^\s*> ?/, "") : `> ${line}`.trimEnd() + (alone && !line ? " " : "");
      if (!line.trim() && !alone) return line;
      if (off) return line.replace(LEAD, "$1");
      number += 1;
      return line.replace(LEAD, (_all, indent) => KINDS[kind].lead(indent, number));
    });
    const words = changed.join("\n");
    const caret = Math.max(from, from + words.length - (to - area.selectionEnd));
    const whole = area.selectionStart !== area.selectionEnd;
    return replace(area, from, to, words, whole ? from : caret, whole ? from + words.length : caret);
  };

  // --- Links and tables -----------------------------------------------------------------------------------

  const LINK = /(?<![!\\])\[((?:\\.|[^\]\\\n])*)\]\(([^)\s]*)\)/g;
  const ADDRESS = /^(?:https?:\/\/|mailto:)\S+$/i;

  const linked = (area) => {
    const { from, lines } = block(area);
    if (lines.length > 1) return null;
    const around = near(lines[0], area.selectionStart - from, area.selectionEnd - from);
    for (const found of around.part.matchAll(LINK)) {
      const at = from + around.from + found.index;
      if (area.selectionStart >= at && area.selectionEnd <= at + found[0].length) return { at, whole: found[0], words: found[1] };
    }
    return null;
  };

  const link = (area, placeholder) => {
    const old = linked(area);
    if (old) return replace(area, old.at, old.at + old.whole.length, old.words, old.at, old.at + old.words.length);
    const { value, selectionStart, selectionEnd } = area;
    const [from, to] = selectionStart === selectionEnd ? wordAround(value, selectionStart) : [selectionStart, selectionEnd];
    const chosen = value.slice(from, to).replace(/\s*\n\s*/g, " ").trim();
    if (ADDRESS.test(chosen)) return replace(area, from, to, `[${placeholder}](${chosen})`, from + 1, from + 1 + placeholder.length);
    const words = chosen || placeholder;
    const at = from + words.length + 3;
    // Without words of its own, those come first; else the address is what is still to be typed.
    const [start, end] = chosen ? [at, at + 8] : [from + 1, from + 1 + words.length];
    return replace(area, from, to, `[${words}](https://)`, start, end);
  };

  const table = (area, column) => {
    const { from, to, lines } = block(area);
    const line = lines[lines.length - 1];
    if (line.trimStart().startsWith("|")) {
      // One more row: below the line of dashes where the heading is meant.
      const rest = area.value.slice(to + 1).split("\n", 1)[0];
      const at = /^\s*\|[\s|:-]+$/.test(rest) ? to + 1 + rest.length : to;
      const cells = Math.max(1, line.replace(/\\\|/g, "").trim().replace(/^\||\|$/g, "").split("|").length);
      return replace(area, at, at, `\n|${"  |".repeat(cells)}`, at + 3);
    }
    const at = lines.some((one) => one.trim()) ? to : from;
    const before = area.value.slice(0, at);
    const gap = !before.trim() || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
    const after = !area.value.slice(at).trim() || area.value.startsWith("\n\n", at) ? "" : area.value[at] === "\n" ? "\n" : "\n\n";
    const words = `${gap}| ${column} 1 | ${column} 2 |\n|---|---|\n|  |  |${after}`;
    const start = at + gap.length + 2;
    return replace(area, at, at, words, start, start + column.length + 2);
  };

  // --- The buttons ----------------------------------------------------------------------------------------

  // A picture is chosen below the text, with its alternative text; then it stands where the text was left.
  const choosePicture = (area) => {
    const below = document.getElementById(`${area.id.replace(/-body$/, "")}-pictures`);
    below.open = true;
    below.querySelector("[type=file]").focus();
    return true;
  };
  const showPicture = (bar, area, markdown) => {
    // After the paragraph, not in its midst.
    const at = block(area).to;
    const [before, after] = [area.value.slice(0, at), area.value.slice(at)];
    const lead = !before.trim() || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
    const trail = !after.trim() || after.startsWith("\n\n") ? "" : after.startsWith("\n") ? "\n" : "\n\n";
    const done = replace(area, at, at, lead + markdown + trail, at + lead.length + markdown.length);
    tell(area, done ? bar.dataset.picture : bar.dataset.full);
  };

  const run = (bar, area, tool) => {
    let done = false;
    if (MARKS[tool]) done = emphasize(area, MARKS[tool], bar.dataset[tool]);
    else if (KINDS[tool]) done = lead(area, tool);
    else if (tool === "picture") done = choosePicture(area);
    else if (tool === "link") done = link(area, bar.dataset.link);
    else done = table(area, bar.dataset.column);
    if (!done) tell(area, bar.dataset.full);
  };

  const isOn = (area, tool) => {
    if (MARKS[tool]) return emphasized(area, MARKS[tool]);
    return KINDS[tool] ? led(area, tool) : Boolean(linked(area));
  };

  const set = (bar) => {
    const area = document.getElementById(bar.getAttribute("aria-controls"));
    const tools = [...bar.querySelectorAll("[data-tool]")];
    // One stop for the Tab key; the arrows lead from button to button.
    const stop = (tool) => tools.forEach((one) => { one.tabIndex = one === tool ? 0 : -1; });
    const show = () => tools.forEach((tool) => {
      if (!["table", "picture"].includes(tool.dataset.tool)) tool.setAttribute("aria-pressed", String(isOn(area, tool.dataset.tool)));
    });

    tools.filter((tool) => tool.dataset.key).forEach((tool) => {
      tool.setAttribute("aria-keyshortcuts", `${MAC ? "Meta" : "Control"}+${tool.dataset.key}`);
      tool.title += MAC ? ` (⌘${tool.dataset.key})` : ` (Ctrl+${tool.dataset.key})`;
    });
    bar.addEventListener("mousedown", (event) => event.preventDefault());
    bar.addEventListener("click", (event) => {
      const tool = event.target.closest("[data-tool]");
      if (!tool) return;
      stop(tool);
      run(bar, area, tool.dataset.tool);
      show();
    });
    bar.addEventListener("keydown", (event) => {
      const here = tools.indexOf(document.activeElement);
      const to = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: -1 }[event.key];
      if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      const tool = tools.at(to % tools.length);
      stop(tool);
      tool.focus();
    });
    area.addEventListener("keydown", (event) => {
      if (!(MAC ? event.metaKey : event.ctrlKey) || event.altKey || event.shiftKey) return;
      const tool = tools.find((one) => one.dataset.key?.toLowerCase() === event.key.toLowerCase());
      if (!tool) return;
      event.preventDefault();
      run(bar, area, tool.dataset.tool);
      show();
    });
    document.addEventListener("selectionchange", () => { if (document.activeElement === area) show(); });
    document.body.addEventListener("htmx:afterSwap", () => {
      const added = document.querySelector(".js-picture[data-markdown]");
      if (!added || !area.isConnected) return;
      showPicture(bar, area, added.dataset.markdown);
      delete added.dataset.markdown;
    });
    stop(tools[0]);
    show();
    bar.hidden = false;
  };

  window.writing = { replace, tell };
  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll(".mp-toolbar").forEach(set));
})();
