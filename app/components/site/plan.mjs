// How much time a teacher has: what does not belong to the plan that the address names is not shown (app/views/lesson/plans.py).

const WHOLE = "all";

/**
 * Show what belongs to the plan.
 *
 * @param {string|null} asked by the address
 * @param {ParentNode} root
 */
export function followPlan(asked, root) {
  const parts = /** @type {HTMLElement[]} */ ([...root.querySelectorAll("[data-plan]")]);
  const plan = parts.some((part) => plansOf(part).includes(asked ?? "")) ? asked : WHOLE;
  for (const part of parts) part.hidden = !plansOf(part).includes(plan ?? "");
  for (const link of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-chosen]"))) {
    if (link.dataset.chosen === plan) link.setAttribute("aria-current", "page");
  }
}

/** @param {HTMLElement} part */
const plansOf = ({ dataset }) => dataset.plan?.split(" ") ?? [];
