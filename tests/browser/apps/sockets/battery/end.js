// Run them all, some at a time, and ask the app what it has heard of each.

const waiting = Object.keys(runs);
const work = async () => {
  for (let name = waiting.shift(); name; name = waiting.shift()) told[name] = await run(...runs[name]);
};
await Promise.all(Array.from({ length: 8 }, work));

const asked = [...Object.keys(sends), "copy", "many", "mixed", "order"].map((name) => `${where}-${name}`);
const ask = async () => (await fetch(`/heard?names=${encodeURIComponent(JSON.stringify(asked))}`)).json();
// The app has heard of a closing a little later than the page.
let answers = await ask();
for (let i = 0; i < 20 && Object.values(answers).some((all) => !all?.some((each) => "code" in each)); i++) {
  await after(50);
  answers = await ask();
}
for (const [name, all] of Object.entries(answers)) told[`heard: ${name.slice(where.length + 1)}`] = all;
return told;
