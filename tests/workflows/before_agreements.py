"""Proposals as they were before agreements had lives of their own: they hand nothing over."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from schemas.messages import ProposalStart
    from workflows.proposal import ProposalWorkflow


@workflow.defn(name="Proposal")
class EarlierProposal(ProposalWorkflow):
    @workflow.init
    def __init__(self, start: ProposalStart) -> None:
        super().__init__(start.model_copy(update={"relays_agreement": False}))

    @workflow.run
    async def run(self, start: ProposalStart) -> str | None:
        return await super().run(start)

    def _hands_over(self) -> bool:
        return self._is_told_to and super()._hands_over()
