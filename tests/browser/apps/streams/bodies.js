// A large body, one way or the other. The body of an async function; returns how many bytes passed.

const [way, name, size] = args;
const source = `/download/${name}?size=${size}&chunk=262144`;
const target = `/upload/${name}`;
const file = document.querySelector("#file").files[0];

const read = async () => {
  const reader = (await fetch(source)).body.getReader();
  let count = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) count += part.value.length;
  return count;
};

const byFetch = async (body) => (await (await fetch(target, { method: "POST", body })).json())[0];

const inForm = () => {
  const form = new FormData();
  form.append("file", file);
  return form;
};

const byXhr = () =>
  new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.open("POST", target);
    xhr.responseType = "json";
    xhr.onload = () => resolve(xhr.response[0]);
    xhr.onerror = () => reject(new Error("the upload failed"));
    xhr.send(file);
  });

const ways = {
  download: () => void (location.href = `${source}&attachment&known`),
  read,
  fetch: () => byFetch(file),
  XMLHttpRequest: byXhr,
  FormData: () => byFetch(inForm()),
};
return ways[way]();
