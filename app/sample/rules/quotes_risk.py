"""What people say where the screens are green and the mood is not.

One quote per line, `question: words` or `question (role): words`; an indented line continues the one above.
"""

PROMISE_UNKEPT = """
reason: We were told two days a month would come free. A year on, I have not found them.
reason: It does a lot, but not the one thing we bought it for.
reason (decision_maker): I signed on the strength of a saving that nobody can show me today.
reason (decision_maker): My board asks what came of the business case and I have no good answer.
reason (champion): I stood up for this in front of everyone, and I am still waiting for the part I promised them.
reason (champion): Every review ends with “next quarter”. I have stopped passing that on.
reason (admin): We did all the preparation you asked for. The connector it was for never came.
reason (admin): Half of what was in the demonstration turned out to be on a roadmap.
reason (power_user): I use it all day because I must, and still keep my own spreadsheet for month end.
reason (power_user): They said it would take work off us. It has mostly moved it around.
reason: Plenty of activity, very little result. People log in, that is not the same as getting value.
reason: What was sold to us and what was delivered are two different things.
reason: Good people, decent product, broken promise.
satisfaction_story: The kick-off was excellent. After that, each milestone was quietly moved and nobody said why.
satisfaction_story: In June we sat down to count the hours saved. We got to eleven, for the whole year.
satisfaction_story: Your team presented our usage as a success. I was in the room thinking about the invoice.
value_story (decision_maker): Finance asked me to prove the saving. I could prove the cost, to the cent.
value_story: We bought it to save time, and on Mondays it costs us time.
value_story: The automatic matching was the whole point. We still match by hand, two people, every week.
value_story (champion): I had a slide with three benefits on it. One has arrived.
value_story (power_user): The report we were promised takes me four hours to build myself.
value_story: If I had known it would take two years, I would have hired someone instead.
product_quality_story: It works well enough. It simply does not do what was on the order form.
product_quality_story: The forecast was off by a third in March, so we went back to doing our own.
support_story: They answer within the hour, and the answer is that it is planned.
support_story: Friendly, quick, and no date. Three times in a row.
adoption_story: Everyone uses it, because the old system was switched off. Please do not read that as applause.
adoption_story: Our new planner asked why we do this step twice. I had no answer for her.
situation_story (decision_maker): There is a savings round in spring, and this contract is on the list.
situation_story: Our new finance director has asked for a list of everything that did not pay for itself.
one_change: Tell us honestly what will come this year and what will not.
one_change: Deliver the connector before you show us anything new.
one_change: Write down what we agreed, with dates, and go through it with us every month.
"""

SPONSOR_LEFT = """
reason: The person who wanted this has gone, and I have not been told why we need it.
reason (decision_maker): I inherited this contract. Nobody has yet shown me what it is for.
reason (decision_maker): I have used something else before and would choose that again.
reason (champion): Since our director left I fight this battle alone.
reason (champion): There used to be someone above me who cared. Now I am asked to justify every seat.
reason (admin): Decisions about it are not taken any more. I keep it running, that is all.
reason (power_user): We go on using it until somebody tells us to stop.
reason (power_user): Nobody asks us for the figures any more, so I wonder who reads them.
reason: You still send the invitations to a man who left in February.
reason: Nobody from your side has introduced themselves to our new management.
satisfaction_story: The steering group met every month until the spring. It has not met since.
satisfaction_story: We had a new head of operations in May. The first she heard of you was the invoice.
satisfaction_story (champion): I prepared a review for the new director. He gave it ten minutes,
  five of them on the price.
value_story (decision_maker): I am sure it does something for the teams. I cannot say what it does for me.
value_story: The goals we set with the old management do not count any longer, and there are no new ones.
value_story (champion): All the value we had agreed on was in one person’s head, and she took it with her.
product_quality_story: It runs. I could not name a fault, nor a reason to be pleased about it.
support_story: Support is fine. It is the rest that has gone quiet.
support_story: They asked me for an approval from somebody who no longer works here.
adoption_story: The last one to start was an intern. The last one to stop was our director.
adoption_story: People keep at it from habit. New managers send their staff to other tools.
situation_story (decision_maker): I am reviewing every system above fifty thousand a year. Yours is one.
situation_story (decision_maker): My predecessor liked you. I have no opinion yet, and that is a problem for you.
situation_story: We have been merged with the western region, and they use something else.
situation_story: Two of the three people you know here have moved on since the summer.
situation_story (admin): I have been asked how long it would take to export everything.
one_change: Come and meet the new people, in person, before the budget round.
one_change: Start again with us as if we were a new customer, because by now we are.
one_change: Find out who decides here today. It is not the person you write to.
"""

LOCKED_IN = """
reason: We stay because leaving would cost us a year. That is not loyalty.
reason: If the data could walk, we would have gone with it.
reason (decision_maker): The price rose by a fifth and you knew that we could not move.
reason (decision_maker): I do not recommend things that I cannot get out of.
reason (champion): Everything runs through it now. I would not let a friend get into that position.
reason (champion): I am asked whether we are happy. We are dependent, which is another matter.
reason (admin): Getting our own records out again took a project of its own.
reason (admin): Every small change needs a paid consultant.
reason (power_user): It is everywhere in our day, so of course the numbers look good.
reason (power_user): We have no choice. When you have no choice you do not give marks for it.
satisfaction_story: The renewal came as a letter with a new price. There was no conversation before it.
satisfaction_story: We asked for a shorter term. The reply was a discount on a longer one.
value_story (decision_maker): It was worth the money at the old price.
value_story: We pay for four modules and use two, because they come only together.
value_story: What we gain in the planning we lose again in fees for each extra interface.
value_story (admin): I compared: half of the invoice is for things that we switched off.
product_quality_story: It is stable, I will say that. A prison is stable too.
product_quality_story: It never fails. It also never gets any better.
support_story: They are polite once you have paid for the higher support level.
support_story: I asked for our complete data. It took six weeks and came as pictures of tables.
adoption_story: All sites are on it. There was nothing else left to be on.
adoption_story: Our partners had to join as well, and they remind me of it.
situation_story (decision_maker): We have budgeted for a way out. It will take until the year after next.
situation_story: A working group looks at alternatives. I am not supposed to say so.
situation_story: Legal is reading the contract line by line.
one_change: Let us take our data out whenever we like. We might then stay gladly.
one_change: Price per module, so that we pay for what we use.
one_change: Talk to us about the renewal before the letter, not after it.
"""

FORCED_USE = """
reason: Head office decided. Nobody here was asked.
reason: It was made for people in an office. We stand in the cold with gloves on.
reason (decision_maker): I enforce it because I must, and I hear about it at every staff meeting.
reason (champion): I am called the champion. I was appointed.
reason (admin): I reset passwords for people who want to forget them.
reason (power_user): Three screens for something that used to be one phone call.
reason (power_user): We click through it so that the list turns green. The work happens elsewhere.
reason (power_user): My shift has to log every step. Logging is now a third of the shift.
satisfaction_story: They counted our log-ins and congratulated us. We log in because the door will not open otherwise.
satisfaction_story: At the last team day somebody did an imitation of the start page. Everyone laughed for too long.
value_story: Somebody gains from it, I am sure. Not on this floor.
value_story (decision_maker): The group gets its figures. We get the typing.
product_quality_story: It logs me out while I am helping a customer, and then I type it all again.
product_quality_story: On the tablet the button that we need most is below the edge.
support_story: I asked for a change and was sent to head office. Head office sent me back.
support_story: They explained to me, kindly, how I should work instead.
adoption_story: Our best foreman asked to be moved to a site that does not have it.
adoption_story: People write on paper all day and one of us types it in at five.
adoption_story: Use is at a hundred per cent. So is the grumbling.
situation_story: If the group lets the regions choose again, we shall choose something else.
situation_story: The works council has asked for a review of it.
one_change: Spend a day on our floor before you change anything.
one_change: Take out every field that nobody reads.
one_change: Ask the people who use it, not those who ordered it.
"""

ROUGH_EDGES = """
reason: It breaks at the end of the month, every month, when we need it.
reason: I have reported the same fault four times under four numbers.
reason (decision_maker): My people apologise to our customers for your software.
reason (champion): I like the idea of it. I am tired of defending the faults.
reason (admin): Each update repairs one thing and breaks two.
reason (admin): I keep a list of workarounds. It has reached page nine.
reason (power_user): I save after every line because I no longer trust it.
reason (power_user): It lost an afternoon of work in September. I have not forgotten.
satisfaction_story: On closing day it stood still from ten till two. We sat there, forty people.
satisfaction_story: The update came on a Friday. We spent the weekend putting prices right by hand.
value_story: The hours that it saves us we spend checking whether it was right.
value_story: A good result twice a week is not what we pay for.
product_quality_story: The totals on the screen and in the export did not agree, by nine hundred euros.
product_quality_story: It froze while I was scheduling the night shift, and then the shift was there twice.
product_quality_story: The search finds a customer on the second attempt. Never on the first.
product_quality_story: Since the summer it forgets the filter each time that I go back.
support_story: They closed my case because I had not replied for two days. I was on leave.
support_story: First they asked for a screenshot, then for a film, then nothing more came.
support_story: Every time somebody new, and every time I begin at the beginning.
adoption_story: The night team went back to the whiteboard after the third outage.
situation_story: Another month end like the last, and we are made to change. That is not a threat, it is a plan.
one_change: Half a year without new features. Mend what is there.
one_change: Tell us about a fault before we find it.
one_change: One person who knows our cases and stays with them.
"""
