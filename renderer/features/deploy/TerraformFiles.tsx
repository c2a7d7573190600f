import { Button, Group, Modal, Skeleton } from '@mantine/core'
import { IconDownload, IconFileCode } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { DeploymentPlan } from '../../../domain/tunnel-plan.ts'
import { currentClient } from '../../app/connection-store.ts'
import { DownloadButton } from '../../ui/DownloadButton.tsx'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { saveFile } from '../../ui/save-file.ts'
import { TextBox } from '../../ui/TextBox.tsx'
import { toProblem } from '../../ui/to-problem.ts'
import css from './Deploy.module.css'
import step from './TerraformFiles.module.css'

const Files = ({ plan }: { readonly plan: DeploymentPlan }) => {
  const files = useQuery({
    queryKey: ['terraform', plan],
    queryFn: ({ signal }) => currentClient().call('terraform.export', { plan }, { signal }),
  })
  const list = files.data?.files ?? []
  return (
    <div className={css.form}>
      <p className={css.text}>
        They make the same bastions with Terraform or OpenTofu. Nothing is made by downloading them.
      </p>
      {files.isPending && <Skeleton height={150} radius="sm" />}
      {files.error !== null && <ProblemNote problem={toProblem(files.error)} />}
      {list.length > 0 && (
        <ul className={step.list} aria-label="Terraform files">
          {list.map(({ name, text }) => (
            <li key={name}>
              <details className={step.file}>
                <summary>
                  <span className="mono">{name}</span>
                </summary>
                <TextBox label={name} text={text} className={step.text} />
              </details>
              <DownloadButton name={name} text={text} />
            </li>
          ))}
        </ul>
      )}
      <Group justify="flex-end">
        <Button
          variant="default"
          disabled={list.length === 0}
          leftSection={<IconDownload size={16} />}
          onClick={() => {
            for (const { name, text } of list) saveFile(name, text)
          }}
        >
          Download all
        </Button>
      </Group>
    </div>
  )
}

/** The plan as files for Terraform, for those who keep their infrastructure so. */
export const TerraformFiles = ({ plan }: { readonly plan: DeploymentPlan }) => {
  const [opened, setOpened] = useState(false)
  return (
    <>
      <Button variant="default" leftSection={<IconFileCode size={16} />} onClick={() => setOpened(true)}>
        Terraform files…
      </Button>
      <Modal opened={opened} onClose={() => setOpened(false)} title="The plan as Terraform files" size="lg">
        {opened && <Files plan={plan} />}
      </Modal>
    </>
  )
}
