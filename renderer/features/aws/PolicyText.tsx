import { Button, Skeleton } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { CopyTextButton } from '../../ui/CopyTextButton.tsx'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { saveFile } from '../../ui/save-file.ts'
import { TextBox } from '../../ui/TextBox.tsx'
import { toProblem } from '../../ui/to-problem.ts'
import { usePolicy } from './look-ups.ts'
import css from './PolicyText.module.css'

/** The least-privilege IAM policy, to be handed to whoever gives out permissions. */
export const PolicyText = () => {
  const policy = usePolicy()
  const text = policy.data?.text
  return (
    <details className={css.policy}>
      <summary>IAM policy: everything the program may do, and nothing else</summary>
      <div className={css.body}>
        {policy.error !== null && <ProblemNote problem={toProblem(policy.error)} />}
        {text === undefined ? (
          policy.error === null && <Skeleton height={220} radius="sm" />
        ) : (
          <>
            <div className={css.actions}>
              <CopyTextButton text={text} label="Copy the policy" />
              <Button
                size="xs"
                variant="default"
                leftSection={<IconDownload size={14} />}
                onClick={() => saveFile('mole-policy.json', text)}
              >
                Download
              </Button>
            </div>
            <TextBox label="IAM policy" text={text} className={css.text} />
          </>
        )}
      </div>
    </details>
  )
}
