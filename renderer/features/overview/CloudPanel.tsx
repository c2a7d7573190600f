import type { DeploymentView } from '../../../contract/app.ts'
import { EmptyNote } from '../../ui/EmptyNote.tsx'
import { renderCount } from '../../ui/format.ts'
import { Panel } from '../../ui/Panel.tsx'
import { ResourceTable } from '../aws/ResourceTable.tsx'

type Props = { readonly view: DeploymentView; readonly className?: string | undefined }

/** Everything of ours in the cloud, as it was seen last. */
export const CloudPanel = ({ view, className }: Props) => {
  const { resources } = view
  return (
    <Panel title="In the cloud" className={className} flush aside={renderCount(resources.length, 'thing')}>
      {resources.length === 0 ? (
        <EmptyNote title="Nothing there yet" text="What is made appears here with its id, as soon as AWS tells it." />
      ) : (
        <ResourceTable resources={resources} label="Cloud resources" />
      )}
    </Panel>
  )
}
