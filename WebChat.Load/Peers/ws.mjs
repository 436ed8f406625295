// The smallest chat with ws: everybody gets what anybody sends.
import { WebSocketServer } from 'ws';

const server = new WebSocketServer({ host: '127.0.0.1', port: Number(process.argv[2]), perMessageDeflate: false });
server.on('connection', socket => socket.on('message', message => {
	for (const reader of server.clients) reader.send(message, { binary: false });
}));
