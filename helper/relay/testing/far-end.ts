import { connect, createServer, type Server, type Socket } from 'node:net'
import { splice } from '../splice.ts'

/**
 * A bastion's end of the relay in miniature: the private network is this machine's loopback. `answerOf` says `connect`, `silent`
 * to hang up, or the words of an error.
 */
export const makeFarEnd = (answerOf: (address: string, port: number) => string): Server =>
  createServer({ allowHalfOpen: true }, (near: Socket) => {
    near.on('error', () => undefined)
    near.once('data', (bytes: Buffer) => {
      const end = bytes.indexOf(0x0a)
      const [, , address = '', port = ''] = bytes.toString('utf8', 0, end).split(' ')
      const answer = answerOf(address, Number(port))
      if (answer === 'silent') return void near.destroy()
      if (answer !== 'connect') return void near.end(`error ${answer}\n`)
      near.pause()
      if (bytes.length > end + 1) near.unshift(bytes.subarray(end + 1))
      const far = connect({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true })
      const unable = (): void => void near.end('error cannot be reached\n')
      far.once('error', unable)
      far.once('connect', () => {
        far.off('error', unable)
        near.write('ok\n')
        splice(near, far)
      })
    })
  })
