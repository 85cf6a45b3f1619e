// One end of a TCP connection inside a network namespace: `serve PORT`, `talk ADDRESS PORT`, `try ADDRESS PORT`.
import net from "node:net";

const [verb, ...words] = process.argv.slice(2);
const say = (text) => process.stdout.write(`${text}\n`);

if (verb === "serve") {
  const server = net.createServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.pipe(socket);
  });
  server.listen({ port: Number(words[0]), host: "::" }, () => say("ready"));
} else {
  const socket = net.connect({ host: words[0], port: Number(words[1]), noDelay: true });
  socket.on("error", (error) => {
    say(`error ${error.code}`);
    process.exit(1);
  });
  socket.on("connect", () => {
    say("connected");
    if (verb === "try") process.exit(0);
    // Each byte that comes back is a sign that the connection lives in both directions.
    setInterval(() => socket.write("."), 50);
    socket.on("data", () => say("echo"));
  });
  if (verb === "try")
    setTimeout(() => {
      say("silence");
      process.exit(1);
    }, 400);
}
