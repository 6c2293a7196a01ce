"""What people say of single products, and why they would recommend their maker or not: one sentence per line."""

LIKES = {
    "Planning": """
The week is planned before the coffee is cold.
Swaps are settled among the people themselves; I only see the result.
It shows me on Wednesday that Saturday will not work. That is what I need.
Everybody has the plan on their telephone, and nobody calls me at night any more.
I dragged two hundred shifts to another site in one move.
New people understand it without me standing beside them.
The rules of the works council are in it, so I cannot break them by accident.
It asks the right question: who can, not who is left.
We stopped printing the plan. I did not think I would see that.
You can see at a glance where a skill is missing on a shift.
It forgives: I can go back to yesterday's plan with one click.
The forecast is close enough that I trust it for the holidays.
My deputy could take over for three weeks, and nothing fell over.
Overtime shows up while I can still do something about it.
I plan six sites from one screen and go home on time.
People ask for their free days in the app, and the answer is there by lunch.
When somebody is ill it names three who could come.
It made the unfair weeks visible, and so they stopped.
The hand-over between shifts fits on one page.
It knows who may drive the forklift and who may not.
My planners talk to people again and not to a table.
A new site was planned on the day that it opened.
What I plan is what payroll gets. No more letters in between.
It is quick on an old laptop in a cold hall.
The summer holidays were settled in March, for the first time.
I can see two months ahead without opening anything else.
Even our night crew fills in their wishes.
""",
    "Field service": """
The route makes sense now, and the van carries the right parts.
The crew signs on the glass and I have the report before they are back.
It works in a cellar without network and catches up later.
Customers see when somebody comes. The calls have halved.
Pictures stand with the job, not in somebody's telephone.
Returning to an old job takes seconds: all of its history is there.
The map is honest about traffic.
Two taps and a job is handed over to the next team.
I can give a job to whoever is nearest and knows the machine.
""",
    "Billing": """
When the rates are right, the run itself is quick.
The list of what was not billed found us real money.
Our auditors like the trail.
One invoice for six sites: that part is as promised.
Reminders go out by themselves and in a decent tone.
The totals by cost centre are what our finance people wanted.
""",
}
DISLIKES = {
    "Planning": """
Part-timers over two sites are counted twice in the overview.
The colours of the absences look alike to me.
Copying a month takes an age.
On a small screen the long names run into each other.
Too many mails about swaps that concern nobody.
I would like to plan in quarter hours, not in halves.
""",
    "Field service": """
The list of parts is not the one in the store, and I find out on site.
It logs me out while I am on the ladder.
Two appointments in one building are still two journeys to it.
Photographs take too long where the network is thin.
The signature cannot be given by somebody else than the contact.
I miss the notes of the colleague who was there before.
A cancelled job stays on the board until the next morning.
Changing the order of a day needs the office.
Half of our machines have no code to scan.
""",
    "Billing": """
Every month we correct the same rounding by hand.
Credit notes take four screens and a prayer.
A change of rates in mid-month is beyond it, so we keep a spreadsheet.
The export to our ledger breaks whenever a cost centre is added.
Nobody here can explain an invoice to a customer without calling you.
Surcharges for nights come out wrong on holidays.
The run stops at the first error and does not say at which.
We send the invoices a week late because of the checks that it needs.
Two of us do nothing else for three days at the end of a month.
Discounts are shown before tax on the screen and after tax on paper.
It was sold to us as finished. It was not.
A customer got the invoice of another one. Once is enough.
I cannot see who changed a rate, or when.
The old one was ugly, but it added up.
""",
}
REASONS = {
    "promoter": """
It does the dull part of my week and does it well.
I would have to hire somebody if we gave it back.
When I call, somebody answers who knows our set-up.
We were slow in the beginning; now the other sites ask to join.
It pays for itself, and I can show where.
My people grumbled for a month and have not mentioned it since.
You listened to what we said in the first year.
It is the one system that nobody here wants to replace.
""",
    "passive": """
Good where it is good; the modules do not all feel like one house.
It depends on which part of it you use.
We get on with it, but we have not finished rolling it out.
Solid. I would look around before I said more.
I like the planners' side; finance would answer differently.
No reason to leave, and none to sing about it.
Much better than a year ago, with a way still to go.
Ask me again when the last site is on it.
""",
    "detractor": """
The part that we bought it for is the part that does not work.
Too much is still done by hand beside it.
We explain our business anew to somebody every few months.
It was brought in from above, and it feels like it.
I would warn them about the last tenth of the way.
Small faults stay open until one stops reporting them.
We pay for more than we use, and nobody has spoken to us about it.
Our own people built things around it, and those are what works.
""",
}
