// What is pasted from Word or a web page becomes clean Markdown: headings, paragraphs, lists, bold, italic, links, tables
// and quotes. Nothing else of it is taken, and nothing of it is run or fetched: it is parsed apart from the page, and
// what is wanted is built anew. Turndown writes the Markdown. Without this file the words come alone.
(() => {
  "use strict";

  // Beyond it the conversion would hold the page up; the words then come alone.
  const MOST = 2_000_000;
  const DROPPED = new Set(["audio", "base", "button", "canvas", "embed", "head", "iframe", "input", "link", "math", "meta",
    "noscript", "object", "option", "script", "select", "style", "svg", "template", "textarea", "title", "video", "xml"]);
  const PICTURES = new Set(["img", "picture", "v:imagedata", "v:shape"]);
  const BLOCKS = new Set(["address", "article", "aside", "body", "caption", "center", "dd", "details", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "header", "li", "main", "nav", "p", "pre", "section", "summary", "td",
    "th", "tr"]);

  const style = (element) => (element.getAttribute("data-style") || "").toLowerCase();
  const has = (element, pattern) => pattern.test(style(element));
  const clean = (text) => text.replace(/[\u00ad\u200b-\u200d\u2060\ufeff]/g, "").replace(/[\u00a0\u2000-\u200a\u202f]/g, " ");

  // --- Word's lists: paragraphs that only look like one -----------------------------------------------------

  const listLevel = (element) => {
    if (element.localName !== "p") return 0;
    const named = style(element).match(/mso-list:[^;]*\blevel(\d)/);
    if (named) return Number(named[1]);
    const classed = element.className.match(/^MsoList(?:Bullet|Number)(\d)?$/);
    return classed ? Number(classed[1] || 1) : 0;
  };
  const markerOf = (element) => {
    const marker = [...element.querySelectorAll("[data-style]")].find((one) => has(one, /mso-list:\s*ignore/));
    return marker ? clean(marker.textContent).trim() : element.className.startsWith("MsoListNumber") ? "1." : "";
  };
  // "1.", "(a)", "iv)", "2.1": a number; "·", "o", "§": a dot.
  const isNumber = (marker) => /^\(?(?:\d+(?:\.\d+)*[.)]?|[a-z]{1,5}[.)])$/i.test(marker);

  // --- Building what is wanted ------------------------------------------------------------------------------

  const webAddress = (href) => {
    try {
      const url = new URL(href);
      if (!["http:", "https:", "mailto:"].includes(url.protocol)) return "";
      return url.href.replace(/[()<>\\\s]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
    } catch (error) { return ""; }
  };

  class Builder {
    constructor() {
      this.page = document.implementation.createHTMLDocument("");
      this.pictures = 0;
    }

    make(name, parent, attributes = {}) {
      const element = this.page.createElement(name);
      Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
      parent.append(element);
      return element;
    }

    // Words with what marks them; what follows in the same marks continues them, or the marks would run together.
    say(words, into, how) {
      let place = into;
      const marks = [how.href && "a", how.bold && !how.plain && "strong", how.italic && "em"].filter(Boolean);
      if (!words.trim() && !how.href) marks.length = 0;
      marks.forEach((mark) => {
        const last = place.lastChild;
        const same = last?.localName === mark && (mark !== "a" || last.getAttribute("href") === how.href);
        place = same ? last : this.make(mark, place, mark === "a" ? { href: how.href } : {});
      });
      place.append(words);
    }

    children(from, into, how) {
      const rest = [...from.childNodes];
      while (rest.length) {
        const node = rest.shift();
        if (node.nodeType === Node.TEXT_NODE) this.say(clean(node.data), into, how);
        else if (node.nodeType !== Node.ELEMENT_NODE) continue;
        else if (!how.cell && listLevel(node)) this.wordList([node, ...this.following(rest)], into, how);
        else this.element(node, into, how);
      }
    }

    // Takes away from `rest` the list's further paragraphs, with the empty space between them.
    following(rest) {
      const found = [];
      for (;;) {
        const next = rest.findIndex((node) => node.nodeType === Node.ELEMENT_NODE || node.nodeValue?.trim() && node.nodeType === Node.TEXT_NODE);
        if (next < 0 || rest[next].nodeType !== Node.ELEMENT_NODE || !listLevel(rest[next])) return found;
        found.push(rest.splice(0, next + 1).at(-1));
      }
    }

    wordList(paragraphs, into, how) {
      const open = [];
      paragraphs.forEach((paragraph) => {
        const level = listLevel(paragraph);
        const marker = markerOf(paragraph);
        const kind = isNumber(marker) ? "ol" : "ul";
        while (open.length && (open.at(-1).level > level || (open.at(-1).level === level && open.at(-1).list.localName !== kind))) open.pop();
        if (open.at(-1)?.level !== level) {
          const start = Number(marker.match(/(\d+)\D*$/)?.[1] || 1);
          const list = this.make(kind, open.at(-1)?.list.lastChild || into, kind === "ol" ? { start } : {});
          open.push({ level, list });
        }
        this.children(paragraph, this.make("li", open.at(-1).list), how);
      });
    }

    element(node, into, how) {
      const name = node.localName;
      if (PICTURES.has(name)) { this.pictures += 1; return; }
      if (DROPPED.has(name) || node.hidden || has(node, /display:\s*none|mso-hide:\s*all|mso-list:\s*ignore/)) return;
      const heading = name.match(/^h([1-6])$/)?.[1] || (node.className === "MsoTitle" && "1");
      if (name === "br") this.lineBreak(node, into, how);
      else if (name === "table") this.table(node, into, how);
      else if (how.cell && (heading || BLOCKS.has(name) || name === "blockquote")) this.inCell(node, into, how);
      else if (heading) this.children(node, this.make(`h${heading}`, into), { ...how, cell: true, plain: true });
      else if (name === "ul" || name === "ol") this.list(node, into, how);
      else if (name === "blockquote") this.children(node, this.make("blockquote", into), how);
      else if (name === "hr") { if (!how.cell) this.make("hr", into); }
      else if (name === "pre") this.lines(node, into, how);
      else if (BLOCKS.has(name)) {
        // An item's first paragraph stands in the item itself.
        const own = into.localName === "li" && !into.textContent.trim();
        this.children(node, own ? into : this.make(name === "p" ? "p" : "div", into), how);
      } else this.children(node, into, this.marks(node, how));
    }

    // What a part of a line adds: Google Docs and web pages write bold as a style, and a <b> that is not bold.
    marks(node, how) {
      const name = node.localName;
      const marks = { ...how };
      if (name === "b" || name === "strong" || has(node, /(?:^|[;\s])font-weight:\s*(?:bold|[6-9]00)/)) marks.bold = true;
      if (has(node, /(?:^|[;\s])font-weight:\s*(?:normal|400)/)) marks.bold = false;
      if (name === "i" || name === "em" || has(node, /(?:^|[;\s])font-style:\s*(?:italic|oblique)/)) marks.italic = true;
      if (has(node, /(?:^|[;\s])font-style:\s*normal/)) marks.italic = false;
      if (name === "a") marks.href = webAddress(node.getAttribute("href") || "");
      return marks;
    }

    lineBreak(node, into, how) {
      if (has(node, /page-break/)) return;
      if (how.cell) into.append(" ");
      else this.make("br", into);
    }

    lines(node, into, how) {
      const place = this.make("p", into);
      clean(node.textContent).split("\n").forEach((line, number) => {
        if (number) this.make("br", place);
        this.say(line, place, how);
      });
    }

    // In a heading or a cell, everything stands on one line.
    inCell(node, into, how) {
      const before = into.textContent.trim();
      const further = node.previousElementSibling?.localName === "li" && !/[;:,.]$/.test(before);
      if (before) into.append(further ? "; " : " ");
      this.children(node, into, how);
    }

    list(node, into, how) {
      if (how.cell) { this.children(node, into, how); return; }
      const start = Number.parseInt(node.getAttribute("start"), 10);
      const list = this.make(node.localName, into, node.localName === "ol" && start >= 0 ? { start } : {});
      for (const child of node.children) {
        // Some write a list within a list beside its item.
        const nested = child.localName === "ul" || child.localName === "ol";
        if (nested && list.lastChild) this.list(child, list.lastChild, how);
        else if (nested) this.list(child, this.make("li", list), how);
        else if (!DROPPED.has(child.localName)) this.children(child, this.make("li", list), how);
      }
      if (!list.firstChild) list.remove();
    }

    // --- Tables ---------------------------------------------------------------------------------------------

    table(node, into, how) {
      const grid = this.grid(node);
      const width = Math.max(0, ...grid.map((row) => row.length));
      if (how.cell || width < 2 || node.querySelector("table")) {
        // It only arranges what stands in it.
        [...node.rows].forEach((row) => [...row.cells].forEach((cell) => this.element(cell, into, how)));
        return;
      }
      if (node.caption) this.element(node.caption, into, how);
      const table = this.make("table", into);
      const [head, body] = [this.make("thead", table), this.make("tbody", table)];
      grid.forEach((row, number) => {
        const line = this.make("tr", number ? body : head);
        for (let column = 0; column < width; column += 1) {
          const place = this.make(number ? "td" : "th", line);
          const cell = row[column];
          if (!cell) continue;
          const align = this.alignment(cell);
          if (align) place.setAttribute("align", align);
          this.children(cell, place, { ...how, cell: true, plain: !number });
        }
      });
    }

    // Every row as wide as it looks; of a cell over several, the others stay empty. Rows without a word are left out.
    grid(node) {
      const found = [];
      [...node.rows].forEach((row, number) => {
        found[number] ||= [];
        let column = 0;
        [...row.cells].forEach((cell) => {
          while (found[number][column] !== undefined) column += 1;
          for (let down = 0; down < Math.min(cell.rowSpan || 1, node.rows.length - number); down += 1) {
            for (let over = 0; over < Math.min(cell.colSpan, 50); over += 1) {
              (found[number + down] ||= [])[column + over] = down || over ? null : cell;
            }
          }
          column += Math.min(cell.colSpan, 50);
        });
      });
      return found.filter((row) => row.some((cell) => cell && clean(cell.textContent).trim()));
    }

    alignment(cell) {
      const [first] = cell.children;
      const words = [cell, first].filter(Boolean).map((one) => one.getAttribute("align") || style(one).match(/text-align:\s*(\w+)/)?.[1] || "");
      return words.map((word) => word.toLowerCase()).find((word) => word === "right" || word === "center");
    }
  }

  // The highest heading becomes one like those that the button makes; the page puts it below its own.
  const lowerHeadings = (root) => {
    const headings = [...root.querySelectorAll("h1, h2, h3, h4, h5, h6")];
    const highest = Math.min(...headings.map((heading) => Number(heading.localName[1])));
    headings.forEach((heading) => {
      const level = Math.min(6, Number(heading.localName[1]) - highest + 2);
      const lowered = root.ownerDocument.createElement(`h${level}`);
      lowered.append(...heading.childNodes);
      heading.replaceWith(lowered);
    });
  };

  // --- Markdown ---------------------------------------------------------------------------------------------

  const service = () => {
    const made = new TurndownService({ headingStyle: "atx", hr: "---", bulletListMarker: "-", emDelimiter: "*" });
    const escape = made.escape.bind(made);
    // Without the marks that would change nothing: an underscore within a word; and with one for what reads as a sign.
    made.escape = (words) => escape(words).replace(/(?<=\w)\\_(?=\w)/g, "_").replace(/&(?=#?\w+;)/g, "\\&");
    made.use(turndownPluginGfm.tables);
    made.addRule("item", {
      filter: "li",
      replacement: (content, node) => {
        const list = node.parentNode;
        const number = Number(list.getAttribute("start") ?? 1) + [...list.children].indexOf(node);
        const lead = list.localName === "ol" ? `${number}. ` : "- ";
        const words = content.replace(/^\n+|\n+$/g, "").replace(/\n(?=.)/g, `\n${" ".repeat(lead.length)}`);
        return lead + words + (node.nextSibling ? "\n" : "");
      },
    });
    return made;
  };

  // Styles and handlers become words: the page's policy would refuse them even here, and say so in the console.
  const parse = (html) => {
    const bare = html.replace(/<style\b[\s\S]*?<\/style\s*>/gi, "");
    const named = bare.replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/(["'\s])(style|on[a-z]+)(?=\s*=)/gi, "$1data-$2"));
    return new DOMParser().parseFromString(named, "text/html");
  };

  const KINDS = {
    headings: "h2, h3, h4, h5, h6",
    lists: "li",
    tables: "table",
    links: "a",
    emphasis: "strong, em",
    quotes: "blockquote",
  };

  // The Markdown of a piece of HTML, and what it holds (keys of KINDS); null where the words alone say as much.
  const convert = (html) => {
    const { body } = parse(html);
    // An editor of code says that its lines are lines: what is copied there may be Markdown already.
    if ([...body.children].some((one) => has(one, /white-space:\s*pre\s*(?:;|$)/))) return null;
    const builder = new Builder();
    const root = builder.page.body;
    builder.children(body, root, {});
    lowerHeadings(root);
    const kinds = Object.keys(KINDS).filter((kind) => [...root.querySelectorAll(KINDS[kind])].some((one) => one.textContent.trim()));
    const said = [...root.querySelectorAll("p, div")].filter((one) => one.textContent.trim() && !one.querySelector("p, div"));
    if (!kinds.length && said.length < 2) return null;
    const markdown = service().turndown(root).replace(/^[ \t]+$/gm, "").replace(/\n{3,}/g, "\n\n").trim();
    return markdown ? { markdown, kinds, pictures: builder.pictures } : null;
  };

  // --- Pasting ----------------------------------------------------------------------------------------------

  const insert = (area, markdown, plain) => {
    const [before, after] = [area.value.slice(0, area.selectionStart), area.value.slice(area.selectionEnd)];
    let [words, rest] = [markdown, ""];
    if (/\n|^(?:#{1,6} |- |\d+\. |> |\|)/.test(markdown)) {
      // It stands for itself: an empty line before and after it.
      const gap = (text, edge) => (!text.trim() || edge.test(text) ? "" : "\n\n");
      words = gap(before, /\n[ \t]*\n[ \t]*$/) + markdown;
      rest = gap(after, /^[ \t]*\n[ \t]*\n/);
    } else {
      words = (/^\s/.test(plain) ? " " : "") + markdown + (/\s$/.test(plain) ? " " : "");
    }
    const from = area.selectionStart;
    return window.writing.replace(area, from, area.selectionEnd, words + rest, from + words.length);
  };

  const listed = (words, and) => (words.length > 1 ? `${words.slice(0, -1).join(", ")} ${and} ${words.at(-1)}` : words[0]);

  const set = (area) => {
    const words = document.querySelector(`[aria-controls="${area.id}"]`).dataset;
    let plain = false;
    area.addEventListener("keydown", (event) => {
      plain = event.shiftKey && (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "v";
    });
    area.addEventListener("paste", (event) => {
      const html = event.clipboardData.getData("text/html");
      const alone = plain || !html || html.length > MOST;
      plain = false;
      const found = alone ? null : convert(html);
      if (!found) return;
      event.preventDefault();
      const done = insert(area, found.markdown, event.clipboardData.getData("text/plain"));
      const kinds = found.kinds.length ? found.kinds.map((kind) => words[kind]) : [words.paragraphs];
      const left = found.pictures ? ` ${words.pictures}` : "";
      window.writing.tell(area, done ? `${words.pasted} ${listed(kinds, words.and)}.${left} ${words.undo}` : words.full);
    });
  };

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll(".js-markdown").forEach(set));
})();
