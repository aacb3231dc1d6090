// Booking, step 1: the chosen time is said beside the button, and changing the day keeps the chosen patient.
const form = document.querySelector("[data-booking]");
if (form) {
  const said = document.querySelector("[data-booking-said]");

  const say = () => {
    const chosen = form.querySelector("input[name=slot]:checked");
    said.textContent = chosen ? chosen.dataset.said : said.dataset.none;
  };

  const keepPatient = () => {
    const chosen = form.querySelector("[data-booking-patient]:checked");
    if (!chosen) return;
    for (const link of form.querySelectorAll("[data-booking-day]")) {
      const address = new URL(link.href);
      address.searchParams.set("patient", chosen.value);
      link.href = address.href;
    }
  };

  form.addEventListener("change", () => {
    say();
    keepPatient();
  });
  say();
  keepPatient();
}
