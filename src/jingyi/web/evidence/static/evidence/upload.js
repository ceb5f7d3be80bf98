// Sends a large file piece by piece and goes on where a broken line stopped it (tus 1.0).
// A form with data-resumable keeps working without this: the file then goes in one piece.

const PIECE = 8 * 1024 * 1024;
const WAITS = [500, 1000, 2000, 4000, 8000, 15000];
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const base64 = (bytes) => btoa(String.fromCharCode(...bytes));
const utf8 = (text) => base64(new TextEncoder().encode(text));
const headers = (more) => ({ "Tus-Resumable": "1.0.0", ...more });

async function checksum(piece) {
  if (!crypto.subtle) return {}; // plain http: the server still hashes the whole
  const digest = await crypto.subtle.digest("SHA-256", await piece.arrayBuffer());
  return { "Upload-Checksum": `sha256 ${base64(new Uint8Array(digest))}` };
}

async function place(form, file, token) {
  const key = `upload:${file.name}:${file.size}:${file.lastModified}`;
  const known = localStorage.getItem(key);
  if (known && (await fetch(known, { method: "HEAD", headers: headers() })).ok) return [known, key];
  const made = await fetch(form.dataset.resumable, {
    method: "POST",
    headers: headers({
      "X-CSRFToken": token,
      "Upload-Length": String(file.size),
      "Upload-Metadata": `filename ${utf8(file.name)},filetype ${utf8(file.type)}`,
    }),
  });
  if (!made.ok) throw new Error((await made.json()).error);
  const address = made.headers.get("Location");
  localStorage.setItem(key, address);
  return [address, key];
}

async function offsetOf(address) {
  const answer = await fetch(address, { method: "HEAD", headers: headers() });
  if (!answer.ok) throw new Error(String(answer.status));
  return Number(answer.headers.get("Upload-Offset"));
}

async function send(form, file, shown) {
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const [address, key] = await place(form, file, token);
  const began = performance.now();
  let offset = await offsetOf(address);
  const first = offset;
  for (let tries = 0; offset < file.size; ) {
    const piece = file.slice(offset, offset + PIECE);
    try {
      const answer = await fetch(address, {
        method: "PATCH",
        body: piece,
        headers: headers({
          "X-CSRFToken": token,
          "Content-Type": "application/offset+octet-stream",
          "Upload-Offset": String(offset),
          ...(await checksum(piece)),
        }),
      });
      if (!answer.ok) throw new Error(String(answer.status));
      offset = Number(answer.headers.get("Upload-Offset"));
      tries = 0;
    } catch (broken) {
      if (tries >= WAITS.length) throw broken;
      shown.broken();
      await wait(WAITS[tries]);
      tries += 1;
      offset = await offsetOf(address).catch(() => offset);
    }
    const rate = (offset - first) / (performance.now() - began);
    shown.at(offset / file.size, rate > 0 ? (file.size - offset) / rate / 1000 : null);
  }
  localStorage.removeItem(key);
  return address.split("/").filter(Boolean).pop();
}

function progress(form) {
  const bar = document.createElement("progress");
  const words = document.createElement("p");
  bar.max = 1;
  words.className = "hint";
  words.setAttribute("aria-live", "polite");
  form.querySelector("[type=file]").after(bar, words);
  const { left, broken, done } = form.dataset;
  return {
    at(share, seconds) {
      bar.value = share;
      const percent = `${Math.floor(share * 100)}%`;
      if (share === 1) words.textContent = done;
      else words.textContent = seconds === null ? percent : `${percent} · ${left} ${Math.ceil(seconds)} s`;
    },
    broken() { words.textContent = broken; },
    failed(error) { words.textContent = error.message; },
  };
}

for (const form of document.querySelectorAll("form[data-resumable]")) {
  const input = form.querySelector("[type=file]");
  const button = form.querySelector("button");
  input.addEventListener("change", async () => {
    const file = input.files[0];
    if (!file || file.size < Number(form.dataset.from)) return;
    button.disabled = true;
    const shown = progress(form);
    try {
      form.querySelector("[name=upload]").value = await send(form, file, shown);
      input.value = "";
      input.required = false;
    } catch (error) {
      shown.failed(error);
    }
    button.disabled = false;
  });
}
