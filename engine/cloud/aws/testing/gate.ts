import { connect, createServer } from 'node:net'
import { pipeline } from 'node:stream'

/**
 * Run inside a world: makes the Unix socket of the proxy, which lives in the test's own process, a TCP port of the
 * world's loopback. A Unix socket is reached by its path, whatever the network namespace.
 */
const [socketPath = '', port = ''] = process.argv.slice(2)
const server = createServer((near) => {
  const far = connect(socketPath)
  const done = (): void => {
    near.destroy()
    far.destroy()
  }
  pipeline(near, far, done)
  pipeline(far, near, done)
})
server.listen(Number(port), '127.0.0.1', () => process.stdout.write('ready\n'))
