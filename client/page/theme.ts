/** Light or dark, set before the first paint. Runs before everything else. */

try {
  const theme = localStorage.getItem("goldenpath.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset["theme"] = theme;
} catch {
  // No storage: as the system has it.
}
