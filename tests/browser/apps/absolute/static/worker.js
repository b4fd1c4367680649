onmessage = async () => postMessage(await (await fetch("/api?worker")).json());
