import { describe, expect, it } from 'vitest'
import { splitCommand } from './split-command.ts'

describe('splitCommand', () => {
  it.each([
    ['Log in again with: aws sso login --profile ada', 'aws sso login --profile ada'],
    ['Start it again with: mole serve', 'mole serve'],
    ['Allow it with: sudo sysctl kernel.x=0.', 'sudo sysctl kernel.x=0'],
  ])('finds the command of %j', (text, command) => expect(splitCommand(text)?.command).toBe(command))

  it('keeps what comes before', () => expect(splitCommand('Log in with: aws sso login')?.lead).toBe('Log in with: '))

  it.each(['Wait for it, then try again.', 'Limited: nothing at AWS helps.', '"mole config check" names all.'])(
    'leaves %j whole',
    (text) => expect(splitCommand(text)).toBeNull(),
  )
})
