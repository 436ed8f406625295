// The smallest chat with Socket.IO: everybody gets what anybody sends.
import { Server } from 'socket.io';

const server = new Server(Number(process.argv[2]), { transports: ['websocket'], pingInterval: 600_000, pingTimeout: 600_000 });
server.on('connection', socket => socket.on('m', message => server.emit('m', message)));
