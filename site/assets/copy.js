// A button behind each sentence and citation that copies it. Without script the text can be marked and copied as ever.

function offer(element, label, text) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = label;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text);
    button.textContent = `${label} ✓`;
    button.setAttribute("aria-live", "polite");
  });
  element.append(button);
}

if (navigator.clipboard) {
  for (const sentence of document.querySelectorAll("[data-copy]")) offer(sentence, sentence.dataset.copy, sentence.textContent);
}
