"""What people say where the screens are red and the mood is good.

One quote per line, `question: words` or `question (role): words`; an indented line continues the one above.
"""

SEASONAL = """
reason: Four months a year we could not live without it. The rest of the year we rest, and so does it.
reason: In the season it carries us. You will not see us much before April.
reason (decision_maker): It paid for itself by the end of the harvest. The quiet months cost me nothing in worry.
reason (champion): The whole crew knew it again after ten minutes, half a year later. That says it all.
reason (admin): I switch off sixty users in autumn and switch them on again in spring. Never a problem.
reason (power_user): When it gets busy it is the one thing that does not get hectic.
reason: Somebody called to ask why we use it less. Because it is November.
satisfaction_story: In the peak week we took on thirty people. On Monday they could all work with it.
satisfaction_story: You sent somebody on site for the first day of the season. We had not even asked.
value_story: Last season we planned with two people what used to take five.
value_story (decision_maker): The best season we have had, and I was home for supper.
product_quality_story: Forty thousand bookings in six weeks and not one hiccup that I remember.
support_story: In August I had an answer within minutes. They know when our August is.
adoption_story: Our seasonal staff come back in spring and ask whether we still have it.
situation_story: We are opening a second site next summer and will need it there.
one_change: A contract that breathes with the season.
one_change: Let us do the yearly training in March, when the people are here.
"""

API_ONLY = """
reason: Nobody here logs in, and that is how it should be. It runs in the engine room.
reason: Our own system talks to yours all night. In the morning everything is there.
reason (decision_maker): It is the only supplier that I never hear about. I mean that as praise.
reason (champion): We built our portal on it. Our customers use it all day without knowing its name.
reason (admin): The interface is clean, documented, and does not change under our feet.
reason (admin): In two years I have had to touch the integration once.
reason (power_user): I have not seen your screens for months. The figures reach me where I work.
reason: Please do not measure us by log-ins. We pay so that we need not log in.
satisfaction_story: We moved twelve million records in one weekend. On Monday nobody noticed, which was the aim.
satisfaction_story: One of your developers answered our question with a piece of code that worked.
value_story: Every order passes through it. It saves us a night shift.
value_story (decision_maker): Per transaction it is the cheapest thing that we run.
product_quality_story: It refused a bad file with a sentence that told us what to mend. We liked that.
product_quality_story: Version changes are announced half a year ahead, and the old one goes on working.
support_story: I write to the technical desk and an engineer replies. No forms.
adoption_story: The last one who used the screens was me, on the first day.
situation_story: We plan to send the other two warehouses through it as well.
one_change: A test environment with as much data as the real one.
one_change: Higher limits in the last hour before midnight.
"""

SMALL_TEAM = """
reason: There are four of us who use it, and all four would fight for it.
reason: We bought too many seats, but those who have one love it.
reason (decision_maker): A small thing in our budget and a large one in our week.
reason (champion): It is the first system that my colleagues have thanked me for.
reason (admin): I look after it on the side, half an hour a month.
reason (power_user): I know every corner of it. It fits my hand.
reason (power_user): I took it along from my last job. I would again.
satisfaction_story: I wrote to you on Sunday evening about a small idea. In March it was in the product.
satisfaction_story: We are your smallest customer, I think, and have never once felt like it.
value_story: I used to spend each Thursday on this. Now it is a coffee.
value_story (decision_maker): It spared us a hire. In a company of our size that is a great deal.
product_quality_story: Once it was down, for nine minutes. You wrote to us before we had noticed.
support_story: Your colleague knew my name, and my question from last time.
adoption_story: Our trainee explained it to me, not the other way round.
situation_story: We stay small. That is our plan, so do not wait for growth.
one_change: Take back the seats that we do not need, and we stay for ever.
one_change: Nothing, really. Leave it as calm as it is.
"""
