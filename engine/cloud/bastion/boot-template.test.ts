import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { packageRoot } from '../../paths.ts'
import { composeTemplate, readBootTemplate } from './boot-template.ts'

const sourceOf = (name: string): string => readFileSync(join(packageRoot(), 'resources/bastion', name), 'utf8')
const agentIn = (script: string): string => /<<'AGENT'\n([\s\S]*?)\nAGENT\n/.exec(script)?.[1] ?? ''
const PYTHON = '/usr/bin/python3'
const inPython = (program: string, input: string): string =>
  execFileSync(PYTHON, ['-c', program], { input, encoding: 'utf8' })

describe('composeTemplate', () => {
  it('leaves out what only people read', () => {
    const script = '#!/bin/sh\n# why\nif a; then\n  # shellcheck disable=SC2046 # so\n  b # not here\n\nfi\n@AGENT@\n'
    const agent =
      '"""What."""\n\nimport sys\n\n\ndef act():\n    # why\n    if sys:\n        """How."""\n        return "$&"\n'
    expect(composeTemplate(script, agent)).toBe(
      '#!/bin/sh\nif a; then\n# shellcheck disable=SC2046 # so\nb # not here\nfi\nimport sys\ndef act():\n if sys:\n  return "$&"\n',
    )
  })

  it('keeps every command of the script, in order', async () => {
    const commands = (text: string): string[] =>
      text
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== '' && !/^#(?!!| shellcheck )/.test(line))
    const [before = [], after = []] = sourceOf('boot.sh').split('@AGENT@').map(commands)
    const whole = commands(await readBootTemplate())
    expect(whole.slice(0, before.length)).toEqual(before)
    expect(whole.slice(-after.length)).toEqual(after)
  })

  it('keeps the agent’s meaning: the same program to Python', async (context) => {
    context.skip(!existsSync(PYTHON), 'python3 is not installed')
    // Docstrings are all that the syntax tree keeps of what is left out.
    const tree = `import ast, sys
tree = ast.parse(sys.stdin.read())
for node in ast.walk(tree):
    body = getattr(node, "body", None)
    if isinstance(body, list) and body and isinstance(body[0], ast.Expr) and isinstance(getattr(body[0], "value", None), ast.Constant):
        del body[0]
print(ast.dump(tree))`
    const rendered = inPython(tree, agentIn(await readBootTemplate()))
    expect(rendered.length).toBeGreaterThan(1000)
    expect(rendered).toBe(inPython(tree, sourceOf('agent.py')))
  })
})
