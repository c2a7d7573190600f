import { createSocket, type Socket } from 'node:dgram'
import { pace } from './pace.ts'

/**
 * The far end of flows that come back: `answer-flows.ts UDP_PORT FLOWS INTERVAL_MS`. A flow that has asked is sent one packet
 * an interval, out of step with the others. Ends with its stdin.
 */
const [firstPort = 0, flows = 0, intervalMs = 20] = process.argv.slice(2).map(Number)

const answer = (socket: Socket, flow: number): void => {
  socket.once('message', (_, { port, address }) =>
    pace({ flow, of: flows, intervalMs }, (packet) => socket.send(packet, port, address, () => undefined)),
  )
}

for (let flow = 0; flow < flows; flow += 1) {
  const socket = createSocket('udp4')
  answer(socket, flow)
  socket.bind(firstPort + flow)
}

process.stdin.resume().on('end', () => process.exit(0))
