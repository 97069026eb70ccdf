// EverShop in production mode on 127.0.0.1 alone: as one process, which is `evershop start`, or as several that share
// the port: node serve.js 2
import cluster from 'node:cluster';
import net from 'node:net';

const processes = Number(process.argv[2] ?? 1);
if (cluster.isPrimary && processes > 1) {
  for (let number = 0; number < processes; number += 1) cluster.fork();
} else {
  const { listen } = net.Server.prototype;
  net.Server.prototype.listen = function listenHere(port) {
    return listen.call(this, port, '127.0.0.1');
  };
  process.argv = [process.argv[0], 'evershop', 'start'];
  await import('./node_modules/@evershop/evershop/dist/bin/evershop.js');
}
