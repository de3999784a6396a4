// Search, and the choice between light and dark. The pages are whole without this script.
"use strict";
(() => {
  const KINDS = ["Mart", "Metric", "Question", "Word"];
  const FOLDERS = ["marts/", "metrics/"];
  const MOST = 12;
  const PLAIN = /^[a-z0-9_][a-z0-9_-]{0,79}$/;
  const store = {
    get() { try { return localStorage.getItem("martlet-theme"); } catch { return null; } },
    set(value) { try { localStorage.setItem("martlet-theme", value); } catch { /* kept for this page */ } },
  };
  const page = document.documentElement;
  const kept = store.get();
  if (kept === "light" || kept === "dark") page.dataset.theme = kept;

  document.addEventListener("DOMContentLoaded", () => {
    startTheme(document.getElementById("theme"));
    startSearch(document.getElementById("find"), document.body.dataset.root);
  });

  function startTheme(button) {
    const isDark = () => page.dataset.theme
      ? page.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    button.hidden = false;
    button.addEventListener("click", () => {
      page.dataset.theme = isDark() ? "light" : "dark";
      store.set(page.dataset.theme);
    });
  }

  function startSearch(box, root) {
    const input = box.querySelector("input");
    const list = box.querySelector("ul");
    const told = box.querySelector("[role=status]");
    let documents = null, chosen = -1, hits = [];
    box.hidden = false;

    input.addEventListener("focus", load, { once: true });
    input.addEventListener("input", () => { load(); show(); });
    input.addEventListener("keydown", onKey);
    input.addEventListener("focus", () => { if (input.value) show(); });
    document.addEventListener("keydown", (event) => {
      const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName);
      const slash = event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
      if (slash || (event.key === "k" && (event.ctrlKey || event.metaKey))) {
        event.preventDefault();
        input.focus();
        input.select();
      }
    });
    document.addEventListener("pointerdown", (event) => { if (!box.contains(event.target)) close(); });
    list.addEventListener("pointermove", (event) => choose(indexOf(event.target)));
    list.addEventListener("click", (event) => open(indexOf(event.target)));

    // The index is a script of its own: a page on a disk may not fetch, and most visits need none.
    function load() {
      if (documents) return;
      documents = [];
      const script = document.createElement("script");
      script.src = root + "assets/search.js";
      script.addEventListener("load", () => { documents = window.martletIndex.map(prepare); show(); });
      document.head.append(script);
    }

    function onKey(event) {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (list.hidden) show();
        const step = event.key === "ArrowDown" ? 1 : -1;
        if (hits.length) choose((chosen + step + hits.length) % hits.length);
      } else if (event.key === "Enter" && hits.length) {
        event.preventDefault();
        open(Math.max(chosen, 0));
      } else if (event.key === "Escape") {
        if (list.hidden) input.value = "";
        close();
      } else if (event.key === "Tab") {
        close();
      }
    }

    function show() {
      const query = words(input.value);
      hits = query.length ? search(documents || [], query) : [];
      list.replaceChildren(...hits.map(row));
      if (query.length && !hits.length && documents && documents.length) list.append(nothing());
      list.hidden = !list.children.length;
      input.setAttribute("aria-expanded", String(!list.hidden));
      told.textContent = query.length ? `${hits.length} found` : "";
      choose(hits.length ? 0 : -1);
    }

    function row(hit, number) {
      const item = element("li", "");
      item.id = `hit-${number}`;
      item.setAttribute("role", "option");
      item.append(element("span", KINDS[hit.kind], "kind"), element("b", hit.title || hit.name));
      if (hit.title && hit.kind !== 2) item.append(" ", element("code", hit.name, "dim"));
      const line = hit.column ? `Column ${hit.column}. ${hit.line}` : hit.line;
      if (line) item.append(element("span", line, "line"));
      return item;
    }

    function nothing() {
      const item = element("li", "Nothing is called so.", "none");
      item.setAttribute("role", "option");
      item.setAttribute("aria-disabled", "true");
      return item;
    }

    function choose(number) {
      if (number < 0 && hits.length) return;
      chosen = number;
      [...list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === number)));
      if (number < 0) return input.removeAttribute("aria-activedescendant");
      input.setAttribute("aria-activedescendant", `hit-${number}`);
      list.children[number].scrollIntoView({ block: "nearest" });
    }

    function indexOf(target) {
      return [...list.children].indexOf(target.closest("li"));
    }

    function open(number) {
      if (!hits[number]) return;
      const { url, column } = hits[number];
      const anchor = column && PLAIN.test(column) ? `#column-${column}` : "";
      close();
      location.href = root + url + anchor;
    }

    function close() {
      list.hidden = true;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }
  }

  function element(name, text, style) {
    const made = document.createElement(name);
    made.textContent = text;
    if (style) made.className = style;
    return made;
  }

  // Words are numbered: a query looks at each different word once, not at each document's.
  const numbers = new Map();

  function numbered(text) {
    return words(text).map((word) => {
      if (!numbers.has(word)) numbers.set(word, numbers.size);
      return numbers.get(word);
    });
  }

  function prepare([kind, name, file, title = "", line = "", synonyms = [], columns = []]) {
    const url = kind < 2 ? `${FOLDERS[kind]}${file === 0 ? name : file}.html` : file;
    return {
      kind, name, title, line, url, columns,
      names: [name, title, ...synonyms].filter(Boolean).map(numbered),
      text: numbered(line),
      fields: columns.map(numbered),
    };
  }

  function words(text) {
    const plain = text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
    return plain.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  }

  // Every word must be found: in a name, a column, or the line; all of one name is best.
  function search(documents, query) {
    const asked = query.map((word) => ({ number: numbers.get(word), fits: fitting(word) }));
    const found = [];
    for (const item of documents) {
      const hit = score(item, asked);
      if (hit) found.push(hit);
    }
    found.sort((a, b) => b.score - a.score || a.item.name.length - b.item.name.length);
    return found.slice(0, MOST).map((hit) => ({ ...hit.item, column: hit.column }));
  }

  function score(item, asked) {
    let total = 0, column = "";
    for (const { fits } of asked) {
      let value = 0, field = 0;
      for (const name of item.names) value = Math.max(value, best(name, fits));
      if (value < 6) {
        item.fields.forEach((name, place) => {
          const fit = best(name, fits) * 0.6;
          if (fit > field) { field = fit; column = item.columns[place]; }
        });
      }
      value = Math.max(value, field, best(item.text, fits) * 0.25);
      if (!value) return null;
      total += value;
    }
    const isWhole = (name) => name.length === asked.length && name.every((n, i) => n === asked[i].number);
    const whole = item.names.some(isWhole);
    const byColumn = item.fields.findIndex(isWhole);
    if (byColumn >= 0) column = item.columns[byColumn];
    const isNamed = item.names.some((name) => asked.every(({ fits }) => best(name, fits)));
    const bonus = (whole ? 12 : 0) + (item.kind === 1 ? 1 : 0) + (item.line.startsWith("Deprecated.") ? -6 : 0);
    return { item, score: total / asked.length + bonus, column: isNamed ? "" : column };
  }

  function best(known, fits) {
    let top = 0;
    for (const number of known) if (fits[number] > top) top = fits[number];
    return top;
  }

  // How well each word there is fits what was typed: itself, its beginning, nearly, a part of it.
  function fitting(typed) {
    const fits = new Float32Array(numbers.size);
    for (const [known, number] of numbers) {
      if (known === typed) fits[number] = 10;
      else if (known.startsWith(typed)) fits[number] = 6 + (2 * typed.length) / known.length;
      else if (typed.length > 3 && isNear(known, typed)) fits[number] = 4;
      else if (typed.length > 2 && known.includes(typed)) fits[number] = 3;
    }
    return fits;
  }

  // One letter wrong, missing, too many, or two changed places; also in the part typed so far.
  function isNear(known, word) {
    if (known.length < word.length - 1 || (known[0] !== word[0] && known[1] !== word[1])) return false;
    const start = known.slice(0, word.length + 1);
    return oneApart(start, word) || oneApart(start.slice(0, word.length), word)
      || oneApart(start.slice(0, word.length - 1), word);
  }

  function oneApart(a, b) {
    if (Math.abs(a.length - b.length) > 1) return false;
    let i = 0;
    while (i < a.length && a[i] === b[i]) i += 1;
    const same = (x, y) => a.slice(x) === b.slice(y);
    return same(i + 1, i + 1) || same(i + 1, i) || same(i, i + 1)
      || (a[i] === b[i + 1] && a[i + 1] === b[i] && same(i + 2, i + 2));
  }
})();
