import { createSocket } from 'node:dgram'
import { connect } from 'node:net'
import { pace } from './pace.ts'

/**
 * The near end of the flows: `send-flows.ts ADDRESS UDP_PORT UDP_FLOWS TCP_PORT TCP_FLOWS INTERVAL_MS`. Each flow sends from
 * a port of its own, one packet an interval, out of step with the others. Ends with its stdin.
 */
const [address = '', ...numbers] = process.argv.slice(2)
const [udpPort = 0, udpFlows = 0, tcpPort = 0, tcpFlows = 0, intervalMs = 20] = numbers.map(Number)

for (let flow = 0; flow < udpFlows; flow += 1) {
  const socket = createSocket('udp4')
  socket.bind(20_000 + flow, () =>
    pace({ flow, of: udpFlows, intervalMs }, (packet) => socket.send(packet, udpPort + flow, address, () => undefined)),
  )
}

for (let flow = 0; flow < tcpFlows; flow += 1) {
  const socket = connect({ host: address, port: tcpPort, localPort: 30_000 + flow, noDelay: true })
  socket.on('error', (error) => process.stderr.write(`TCP flow ${flow}: ${error.message}\n`))
  socket.once('connect', () => pace({ flow, of: tcpFlows, intervalMs }, (packet) => socket.write(packet)))
}

process.stdin.resume().on('end', () => process.exit(0))
