from doctranslate.sources.web.agent import user_agent


def test_the_agent_says_what_it_is(monkeypatch):
    monkeypatch.delenv("DOCTRANSLATE_CONTACT", raising=False)
    assert (
        user_agent().startswith("doctranslate/")
        and "crawler" in user_agent()
        and "Mozilla" not in user_agent()
    )


def test_the_agent_names_whom_to_write_to(monkeypatch):
    monkeypatch.setenv("DOCTRANSLATE_CONTACT", "docs@example.org\r\nX-Evil: 1")
    assert "+docs@example.org" in user_agent() and "\n" not in user_agent()
