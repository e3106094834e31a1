// A server that answers as a test says, and remembers what it was asked.
import { createServer } from "node:http";

/** @param {(request: { method: string, url: string, headers: object, json: any }, response: any, number: number) => void} answer */
export async function serving(answer, use) {
  const asked = [];
  const server = createServer((request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString("utf8");
      const { method, url, headers } = request;
      asked.push({ method, url, headers, json: body ? JSON.parse(body) : undefined });
      answer(asked.at(-1), response, asked.length);
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await use(`http://127.0.0.1:${server.address().port}`, asked);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

export function reply(response, status, body, headers = {}) {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(typeof body === "string" ? body : JSON.stringify(body));
}
