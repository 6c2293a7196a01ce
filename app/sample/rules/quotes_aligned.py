"""What people say where voice and telemetry agree, and what anyone may say about goals.

One quote per line, `question: words` or `question (role): words`; an indented line continues the one above.
"""

THRIVING = """
reason: It does what you said it would, and you answer when we call.
reason: We close the books in three days instead of eight.
reason: My team would be cross with me if I took it away.
reason: It has become the place where everyone looks first.
reason: The figures agree. I had forgotten what that is like.
reason: You listened to us in spring, and in autumn it was there.
reason: I have recommended you twice this year already.
reason: We know what we get, and we get it.
reason (decision_maker): It came in on time and on budget. I can count such projects on one hand.
reason (decision_maker): The saving in the business case was real. We have checked.
reason (decision_maker): I see in five minutes what I used to ask three people for.
reason (decision_maker): You told us what you could not do. Since then I believe the rest.
reason (champion): The sites now ask me when it will be their turn.
reason (champion): I have stopped making slides about it. The results do that.
reason (champion): Your reviews are short, and something happens afterwards.
reason (admin): Updates come at night, with notes that I can understand.
reason (admin): Setting up a new site takes me a morning.
reason (admin): Permissions are simple enough that I can explain them.
reason (power_user): I finish at five on Fridays now.
reason (power_user): It is quick and it does not get in my way.
reason (power_user): I no longer have to ask anyone for the current list.
reason (power_user): Mistakes show up at once, not three weeks later.
satisfaction_story: When the flood closed our depot, we replanned forty routes in an hour.
satisfaction_story: The auditor asked for two years of records. I had them before she had finished her coffee.
satisfaction_story: At the yearly meeting the teams were asked what to keep. It was the first thing they named.
satisfaction_story: The move to the new version took one evening and nobody called me.
satisfaction_story: We had a difficult start with the data. You put two people on it for a week and it was done.
value_story: Overtime in dispatch has halved since the new year.
value_story: We found a double payment in the first month that covered a quarter of the licence.
value_story: Less paper is nice. Fewer arguments about who said what is nicer.
value_story (decision_maker): I stopped asking whether it is worth it after the second quarter.
value_story (champion): The night calls have stopped. For me that is the value.
value_story (power_user): Monday mornings are quiet now. You would have to know our Mondays.
product_quality_story: I dropped the tablet in the yard. When it came back on, everything was still there.
product_quality_story: The new calendar is better than I had feared. I did not want it, and now I use it.
product_quality_story: There was a wrong tax code in May. You found it before we did.
product_quality_story: Search on the phone is quick, even in the cellar.
support_story: I described it once. The next one to call me had read it.
support_story: It took two days, but they told me each day where it stood.
support_story: The fault was ours, and they helped all the same.
support_story: I got a straight no within the hour. I can work with that.
adoption_story: A colleague close to retirement refused at first. Now he teaches the others.
adoption_story: The works manager in the south started by himself, without being told.
adoption_story: New people need an afternoon, and most of that is coffee.
situation_story: We have taken over a smaller company and want to bring them in by summer.
situation_story: Budget is safe for next year, as far as I can see.
situation_story: My deputy should meet you. She will run this in two years.
one_change: Show us what other companies like ours do with it.
one_change: A little less mail from you.
one_change: Let two people edit the same plan at the same time.
one_change: A proper offline mode for the basement.
one_change: More evening sessions, our early shift cannot come at ten.
"""

STEADY = """
reason: It does its job. I do not think about it much.
reason: Good in the core, thin at the edges.
reason: Solid, but it has not moved on much this year.
reason: Some of us like it, some of us put up with it.
reason: It is better than what we had. I had hoped for a little more.
reason: I would recommend it to a company with more patience than ours.
reason: The reports are where it lets us down.
reason: We are content. Not more, not less.
reason: The beginning was hard. By now it is all right.
reason: Fine on the computer, awkward on the phone.
reason (decision_maker): I hear neither praise nor complaints, so I take it that it works.
reason (decision_maker): Fair value. There is no great enthusiasm on my side.
reason (decision_maker): I would like to see the benefit in a figure, and not only hear of it.
reason (champion): Two sites run well with it, and one never really started.
reason (champion): I get good answers from you and slow decisions.
reason (admin): It could be much less work if I could copy settings.
reason (admin): Stable, but single sign-on was a struggle.
reason (power_user): Too many clicks for simple things, yet it is reliable.
reason (power_user): I like it, apart from the printing.
reason (power_user): You need somebody next to you who knows it. Then it is fine.
satisfaction_story: The stocktaking went well. Afterwards the corrections took longer than the stocktaking.
satisfaction_story: Our yearly review was pleasant. Of the five points we agreed, three have been done.
satisfaction_story: The workshop was good, only nobody from the warehouse had been invited.
satisfaction_story: We got our new site going in time, with a good deal of help and some luck.
value_story: It saves the office time. It costs the drivers a little. On balance it is positive.
value_story: I think that it pays. I would not swear to it.
value_story: We see the benefit in purchasing, and not yet in sales.
value_story (decision_maker): About half of what we had planned for is there.
value_story (champion): The quick wins came quickly. The rest is taking its time.
product_quality_story: The export drops the leading zeros. One gets used to it.
product_quality_story: It was slow for two weeks in October, then it was well again.
product_quality_story: The map is lovely. The list beside it is not.
product_quality_story: Notifications come twice, or not at all.
support_story: The first answer was a link. The second one was good.
support_story: It depends on who picks up. With the right person it takes five minutes.
support_story: I waited three days for something that took ten minutes.
support_story: Solved in the end, but I had to ask after it twice.
adoption_story: The office uses it every day, the field team when reminded.
adoption_story: We trained everyone in January. By June half had forgotten the details.
adoption_story: One of our planners left, and with her a good deal of knowledge about it.
situation_story: There is talk of a new group-wide system. I would not expect it before next year.
situation_story: We are short of two people, so anything new has to wait.
situation_story: Procurement wants three quotes for everything from January on.
one_change: Make the reports so that I need not rework them.
one_change: One list of all that is open between us, with dates.
one_change: Fewer clicks in the daily booking.
one_change: Tell me which of the new things matter for us. I do not read all of it.
one_change: Better training for people who work outside.
"""

DRIFTING = """
reason: We use it less each month, and nobody seems to mind.
reason: It was set up for a project that has ended.
reason: I have to think hard about what I last did with it.
reason: We never got beyond the first step.
reason: Too complicated for what we need.
reason: I hear from you when an invoice is due.
reason: The old way was not good, but we understood it.
reason: It asks more of us than it gives back.
reason (decision_maker): I could not name one decision that I took because of it.
reason (decision_maker): We pay for a hundred seats and I see twenty people.
reason (champion): I have run out of arguments for it.
reason (champion): The enthusiasm of the first months is gone, mine included.
reason (admin): Most of the accounts I create are never used.
reason (admin): The interface to our accounts has been down since August, and only I noticed.
reason (power_user): I do it in my own file and copy it over when someone asks.
reason (power_user): Nobody showed me how, so I stopped.
satisfaction_story: We agreed on a new start in March. There was one call, and then summer came.
satisfaction_story: The last visit was a sales visit.
satisfaction_story: I asked for help with the second phase and got a price list.
value_story: If it were switched off tomorrow, three people would call me.
value_story: I cannot say that it was worth it. I cannot say that it was not. That is the answer, I suppose.
value_story (decision_maker): The costs are in my report every month. The benefit is not in any.
product_quality_story: It takes so long to load that I do something else, and then I forget.
product_quality_story: Our article numbers do not fit into the field, so we shorten them by hand.
product_quality_story: The data in it are old. Who would rely on that?
support_story: I gave up after the third form.
support_story: They wanted to help. By the time they called, I had solved it differently.
support_story: My case was closed as “by design”. It is not a good design.
adoption_story: The last one who stopped was me.
adoption_story: Two teams have bought something small of their own. I found out from the card statement.
adoption_story: New people are no longer trained in it.
situation_story: We are cutting back on everything that is not essential.
situation_story: The department that bought it was dissolved in spring.
one_change: Help us to use a tenth of it properly.
one_change: Come by once without wanting to sell anything.
one_change: A plan for half a year, with names on both sides.
"""

ANYONE = """
goals: Two new sites by the autumn, with the same number of people in the office.
goals: Close the month in four working days. We are at nine.
goals: Get the scheduling off paper before the old foreman retires.
goals: One set of figures for all regions. At present every region has its own truth.
goals: Bring delivery promises and deliveries closer together. We keep about four in five.
goals: Survive the audit in March without working weekends.
goals: Lower the stock by a tenth without anyone running out.
goals: Train forty new people and keep most of them.
goals: Answer customers on the same day. Today it takes us three.
goals: Merge two teams that do not know each other yet.
goals: Reduce overtime. The works council has been very clear about that.
goals: Replace the accounting system, and touch nothing else in that year.
goals: Report our emissions properly for the first time.
goals: Fewer complaints in the peak season, and shorter ones.
goals: Find out what a single order really costs us.
goals: Move the service desk to two shifts.
goals: Keep the prices stable for our customers for another year.
goals: Get our suppliers to send data instead of letters.
goals: Make myself replaceable, to be honest. Too much is in my head.
goals: Grow by a fifth in the south. The contracts are signed, the people are not.
goals: Have fewer systems at the end of the year than at its beginning.
goals: Halve the time between a fault and the repair at the customer’s.
goals: Fill the planner’s post. Everything else depends on it.
goals: Nothing new. A quiet year would be a great success.
"""
