"use strict";
(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const find = document.getElementById("find");
  const outcome = document.getElementById("outcome");
  if (find) {
    const rows = all(".index > li").map((row) => {
      const article = document.getElementById(row.dataset.for);
      return { row, article, text: article.textContent.toLowerCase() };
    });
    const filter = () => {
      const word = find.value.trim().toLowerCase();
      let shown = 0;
      for (const { row, article, text } of rows) {
        const fits = text.includes(word) && (!outcome.value || row.dataset.outcome === outcome.value);
        for (const part of [row, article]) part.toggleAttribute("data-hidden", !fits);
        shown += fits;
      }
      document.getElementById("count").value = shown === rows.length ? "" : `${shown} of ${rows.length}`;
    };
    find.addEventListener("input", filter);
    outcome.addEventListener("change", filter);
    const reset = () => {
      find.value = outcome.value = "";
      filter();
    };
    window.addEventListener("hashchange", () => {
      const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (target && target.closest("[data-hidden]")) {
        reset();
        target.scrollIntoView();
      }
    });
    find.form.addEventListener("submit", (event) => event.preventDefault());
    find.form.hidden = false;
    document.getElementById("unfold").addEventListener("click", () => all("details").forEach((d) => (d.open = true)));
    document.getElementById("fold").addEventListener("click", () => all("details").forEach((d) => (d.open = false)));
  }
  let folded = [];
  window.addEventListener("beforeprint", () => {
    folded = all("details:not([open])");
    folded.forEach((d) => (d.open = true));
  });
  window.addEventListener("afterprint", () => folded.forEach((d) => (d.open = false)));
})();
