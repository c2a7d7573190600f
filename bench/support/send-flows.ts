import { createSocket } from 'node:dgram'
import { connect } from 'node:net'
import { renderPacket, wallMs } from './flow-packet.ts'

/**
 * The near end of the flows: `send-flows.ts ADDRESS UDP_PORT UDP_FLOWS TCP_PORT TCP_FLOWS INTERVAL_MS`. Each flow sends from
 * a port of its own, one packet an interval, out of step with the others. Ends with its stdin.
 */
const [address = '', ...numbers] = process.argv.slice(2)
const [udpPort = 0, udpFlows = 0, tcpPort = 0, tcpFlows = 0, intervalMs = 20] = numbers.map(Number)

/** Sends at its own times, counted from the start: a late timer delays one packet and not all that follow. */
const pace = (flow: number, of: number, send: (packet: Buffer) => void): void => {
  const startMs = performance.now() + (intervalMs * flow) / of
  let sequence = 0
  const turn = (): void => {
    while (startMs + sequence * intervalMs <= performance.now()) {
      send(renderPacket({ flow, sequence, sentMs: wallMs() }))
      sequence += 1
    }
    setTimeout(turn, Math.max(0, startMs + sequence * intervalMs - performance.now()))
  }
  turn()
}

for (let flow = 0; flow < udpFlows; flow += 1) {
  const socket = createSocket('udp4')
  socket.bind(20_000 + flow, () =>
    pace(flow, udpFlows, (packet) => socket.send(packet, udpPort + flow, address, () => undefined)),
  )
}

for (let flow = 0; flow < tcpFlows; flow += 1) {
  const socket = connect({ host: address, port: tcpPort, localPort: 30_000 + flow, noDelay: true })
  socket.on('error', (error) => process.stderr.write(`TCP flow ${flow}: ${error.message}\n`))
  socket.once('connect', () => pace(flow, tcpFlows, (packet) => socket.write(packet)))
}

process.stdin.resume().on('end', () => process.exit(0))
