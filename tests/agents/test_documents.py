"""Search finds the passage that somebody would have pointed at."""

import pytest

from goldenpath.agents._documents import Documents, find_query

TEXTS = {
    "Cats": "# Cats\n\nA cat sleeps.\n\n## Food\n\nCats eat fish and mice.\n",
    "Dogs": "# Dogs\n\nA dog barks at cats.\n\n## Food\n\nDogs eat bones.\n",
    "Empty": "# Empty\n",
}


@pytest.mark.parametrize(
    ("question", "title", "heading"),
    [
        ("what do cats eat?", "Cats", "Food"),
        ("what do dogs eat?", "Dogs", "Food"),
        ("who is barking", "Dogs", ""),
        ("sleeping cat", "Cats", ""),
        ("fish", "Cats", "Food"),
    ],
)
def test_the_best_passage_comes_first(question, title, heading):
    best = Documents(TEXTS).search(question)[0]

    assert (best.passage.title, best.passage.heading) == (title, heading)
    assert best.is_enough


def test_a_passage_says_its_text_without_headings():
    assert Documents(TEXTS).search("fish")[0].passage.text == "Cats eat fish and mice."


@pytest.mark.parametrize("question", ["zebra", "", "what is the", "?!"])
def test_nothing_is_found_where_nothing_fits(question):
    assert Documents(TEXTS).search(question) == []


def test_a_rare_word_says_more_than_a_frequent_one():
    texts = {"One": "A dog.", "Two": "A dog.", "Three": "A bird."}

    assert Documents(texts).search("dog or bird")[0].passage.title == "Three"


def test_nothing_is_found_in_nothing():
    assert Documents({}).search("cats") == []


def test_a_question_that_shares_one_word_is_not_enough():
    assert not Documents(TEXTS).search("compare fish with steak and wine")[0].is_enough


def test_only_as_many_as_asked_for_are_returned():
    assert len(Documents(TEXTS).search("cats dogs eat", limit=2)) == 2


def test_a_long_passage_ends_with_a_whole_paragraph():
    text = "# Long\n\n" + "\n\n".join(["word " * 100] * 9)
    passage = Documents({"Long": text}).search("word")[0].passage

    assert len(passage.text) <= 1500
    assert passage.text.count("\n\n") == 1
    assert len(Documents({"Long": "word" * 900}).search("word" * 900)) in (0, 1)


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("what is goldenpath?", "What goldenpath is"),
        ("how does resume work?", "How resume works"),
        ("how do I stop a run", "Runs, stop and retry"),
        ("retry after a failure", "Runs, stop and retry"),
        ("how do devices stay in step", "Devices and connections"),
        ("how can I write an agent", "Writing an agent"),
        ("backup", "Backup and restore"),
        ("api key of an openai endpoint", "Connecting a language model"),
        ("delete a thread", "Threads and messages"),
    ],
)
def test_the_bundled_pages_answer_the_usual_questions(question, title):
    assert Documents().search(question)[0].passage.title == title


@pytest.mark.parametrize(
    ("message", "query"),
    [
        ("search resume", "resume"),
        ("Search the docs for slow devices", "slow devices"),
        ("docs: backup", "backup"),
        ("documentation about threads", "threads"),
        ("does goldenpath scale?", "does goldenpath scale?"),
        ("searching for love", None),
        ("search", None),
        ("hello", None),
    ],
)
def test_a_message_asks_for_a_search_or_not(message, query):
    assert find_query(message) == query
