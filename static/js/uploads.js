// How much of a file has been sent: a <progress> inside form[data-upload] shows it.
document.addEventListener("htmx:xhr:progress", (event) => {
  const bar = event.target.closest?.("form[data-upload]")?.querySelector("progress");
  if (!bar || !event.detail.lengthComputable) return;
  bar.hidden = false;
  bar.value = (100 * event.detail.loaded) / event.detail.total;
});
