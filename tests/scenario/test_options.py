"""Options are named deltas: they come to settings, combine, refuse to contradict each other, and never edit the base."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from sim.api import InputError, configured, load, load_options, settings_of
from sim.foundations.documents import read_document
from sim.scenario.digest import effective_digest
from sim.scenario.effective import differences
from sim.scenario.exported_schema import schema_text
from sim.scenario.option_files import OPTIONS, read_options
from sim.scenario.option_schema import CAMPAIGN, WHOLES
from sim.scenario.options import beside_options, has_path, options_in, options_named, why_no_path
from sim.scenario.parameters import shipped_parameters
from sim.scenario.shipped import SHIPPED, shipped_doctrines, shipped_options

NUMBERED = ("1.1", "1.2", "2.1", "2.2", "3.1", "3.2", "4.1", "4.2", "4.3", "4.4")
BODY = ("body.assertive_selective", "body.assertive_indiscriminate", "body.search", "body.kp_instead", "body.ksf_instead")
RIVALS = ("R1", "R2", "R3", "R4")
PACKAGES = ("block1", "block2", "block3", "block4", "kfor_reform", "full_transition", "both")
EPISODES = ("may_2023", "banjska_2023")
SCENARIOS = (*EPISODES, "may_2023_zvecan")
ALL = tuple(shipped_options())


@dataclass(frozen=True)
class CampaignSeen:
    """What an option sees of a campaign."""

    name: str = CAMPAIGN
    parameters = shipped_parameters()


@pytest.fixture(scope="module")
def options():
    return load_options()


@pytest.fixture(scope="module")
def scenarios():
    return {name: load(name) for name in SCENARIOS}


@pytest.fixture
def own(tmp_path):
    """Write an option of one's own beside copies of the shipped ones, and read them all."""
    shutil.copytree(OPTIONS, tmp_path / "options")

    def read(**texts: str):
        for name, text in texts.items():
            (tmp_path / "options" / f"{name}.yaml").write_text(text, "utf-8")
        return options_in(read_options(tmp_path / "options"))

    return read


PACKAGE = "format: 1\nname: mine\nkind: package\nrestates: a package of one's own\nparts: [{parts}]\n"


def complaint(call, *arguments, **named) -> str:
    with pytest.raises(InputError) as caught:
        call(*arguments, **named)
    return str(caught.value)


def test_every_numbered_recommendation_and_every_rival_is_there(options):
    equal = tuple(f"{name}_equal_budget" for name in PACKAGES)
    assert set(options) == {"baseline", "placebo", "known_harm", "conclusion", *NUMBERED, *BODY, *RIVALS, *PACKAGES, *equal}
    assert [options[name].block for name in NUMBERED] == [int(name[0]) for name in NUMBERED]


def test_every_option_states_its_sentence_and_the_paper_s_their_section(options):
    assert [name for name, option in options.items() if len(option.restates) < 40] == []
    papers = [name for name, option in options.items() if option.kind in ("recommendation", "body", "conclusion") and not option.paper]
    assert papers == []


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize("option", ALL)
def test_an_option_configures_every_scenario(options, scenarios, name, option):
    scenario = scenarios[name]
    settings = settings_of(option, scenario)
    changed = configured(scenario, settings)
    assert bool(settings) == (has_path(option, name) and option != "baseline")
    assert changed.settings == settings


@pytest.mark.parametrize("option", ALL)
def test_every_cut_is_a_setting_of_each_scenario_with_a_path(options, scenarios, option):
    for change in options[option].changes:
        for name in set(change.where) & set(EPISODES):
            assert configured(scenarios[name], change.cut).settings == change.cut


def test_what_changes_nothing_says_why(options):
    for option in options.values():
        for name in WHOLES:
            assert bool(why_no_path(option, name)) != has_path(option, name), (option.id, name)
    assert why_no_path("4.3", "may_2023").startswith("years after May 2023")
    assert why_no_path("block4", "may_2023").startswith("4.1: it keeps what was the case in May")


def test_a_part_has_the_paths_of_its_whole(scenarios):
    assert has_path("4.4", "may_2023_zvecan") == has_path("4.4", scenarios["may_2023_zvecan"]) == has_path("4.4", "may_2023")
    assert has_path("1.2", "may_2023_zvecan")


def test_a_change_bound_to_a_site_is_left_out_where_the_site_is_not_in_play(scenarios):
    whole, part = settings_of("R2", scenarios["may_2023"]), settings_of("R2", scenarios["may_2023_zvecan"])
    assert whole["deployment.us_company"].startswith("leposavic@")
    assert "deployment.us_company" not in part
    assert part["deployment.ktrbn_second_company"].startswith("zvecan@")


def test_the_base_is_never_edited(scenarios):
    before = {name: effective_digest(load(name)) for name in EPISODES}
    for name in EPISODES:
        configured(scenarios[name], settings_of("both", scenarios[name]))
    assert {name: effective_digest(scenarios[name]) for name in EPISODES} == before


@pytest.mark.parametrize("name", EPISODES)
def test_the_placebo_leaves_everything_as_it_was(scenarios, name):
    settings = settings_of("placebo", scenarios[name])
    changed = configured(scenarios[name], settings)
    assert settings
    assert differences(scenarios[name], changed) == []
    assert effective_digest(changed) == effective_digest(scenarios[name])


@pytest.mark.parametrize("name", EPISODES)
@pytest.mark.parametrize("option", [item for item in ALL if item not in ("baseline", "placebo")])
def test_an_option_with_a_path_changes_what_holds(scenarios, name, option):
    settings = settings_of(option, scenarios[name])
    if settings:
        assert differences(scenarios[name], configured(scenarios[name], settings))


def test_options_combine_in_any_order(scenarios):
    may = scenarios["may_2023"]
    together = settings_of(["1.2", "2.1", "3.2"], may)
    assert together == settings_of(["3.2", "1.2", "2.1"], may) == settings_of(("2.1", "3.2", "1.2"), may)
    apart = [settings_of(name, may) for name in ("1.2", "2.1", "3.2")]
    assert together == {key: value for each in apart for key, value in each.items()}


def test_an_option_named_twice_is_the_option(scenarios):
    assert settings_of(["1.2", "1.2"], scenarios["may_2023"]) == settings_of("1.2", scenarios["may_2023"])


def test_two_options_that_set_one_lever_differently_are_refused_with_names_and_values(scenarios):
    told = complaint(settings_of, ["4.2", "conclusion"], scenarios["banjska_2023"])
    assert "options 4.2 and conclusion: set mandate.ksf_access differently: '4.2' to autonomous, 'conclusion' to by_agreement" in told
    assert "drop one of the two" in told


def test_a_doctrine_of_an_organisation_contradicts_one_of_its_seats(own, scenarios):
    text = (OPTIONS / "body.assertive_selective.yaml").read_text("utf-8").replace("setting: doctrine.kfor", "setting: seat.kfor_zvecan")
    found = own(mine=text.replace("to: kfor_assertive_selective", "to: kfor_restrained"))
    told = complaint(settings_of, [found["R2"], found["mine"]], scenarios["may_2023"])
    assert "seat.kfor_zvecan differently: 'R2' to kfor_behind_barriers, 'mine' to kfor_restrained" in told


def test_a_clash_inside_a_package_names_the_part(scenarios):
    told = complaint(settings_of, ["block4", "conclusion"], scenarios["banjska_2023"])
    assert "'4.2 in block4' to autonomous, 'conclusion' to by_agreement" in told


def test_a_setting_beside_an_option_must_not_contradict_it(scenarios):
    may = scenarios["may_2023"]
    made = beside_options("1.2", may, {"grievance.theta_spiral": "0", "rules_of_engagement.explicitness": "0.8"})
    assert (made["roe.explicitness"], made["grievance.theta_spiral"]) == ("0.8", "0")
    assert "rules_of_engagement.explicitness" not in made
    told = complaint(beside_options, "1.2", may, {"rules_of_engagement.explicitness": "0.1"})
    assert "an option that was named sets roe.explicitness to 0.8" in told


def test_an_unknown_option_gets_the_nearest():
    assert "did you mean 'kfor_reform'?" in complaint(options_named, "kfor_reforms")
    assert "option 9.9: there is no such option; known: 1.1, 1.2" in complaint(options_named, ["1.1", "9.9"])


@pytest.mark.parametrize("package", PACKAGES)
@pytest.mark.parametrize("name", EPISODES)
def test_a_package_does_what_its_parts_do_and_nothing_else(options, scenarios, package, name):
    assert settings_of(package, scenarios[name]) == settings_of(options[package].parts, scenarios[name])


def test_the_price_of_a_package_is_that_of_its_parts(options):
    parts = [options[name].cost for name in ("2.1", "2.2")]
    whole = options["block2"].cost
    assert whole.force_days_a_month.central == sum(cost.force_days_a_month.central for cost in parts)
    assert options["block1"].cost.licence_points["quint_nato"].high == 26
    assert options["block1"].in_force_from == max(options[name].in_force_from for name in ("1.1", "1.2"))


@pytest.mark.parametrize("package", PACKAGES)
def test_at_equal_budget_a_package_takes_the_force_days_of_the_named_option(options, package):
    equal = options[f"{package}_equal_budget"]
    budget = options[equal.file.equal_budget].cost.force_days_a_month.central
    assert equal.cost.force_days_a_month.central == pytest.approx(budget)
    assert 0 < equal.share <= 1
    assert equal.cost.licence_points == options[package].cost.licence_points


def test_at_equal_budget_only_levers_that_take_force_days_go_less_far(options, scenarios):
    may = scenarios["may_2023"]
    full, equal = settings_of("kfor_reform", may), settings_of("kfor_reform_equal_budget", may)
    changed = {name for name in full if full[name] != equal[name]}
    assert changed == {"lever_effects.joint_patrol_intensity", "lever_effects.training_effort", "lever_effects.live_fire_effort"}
    share = options["kfor_reform_equal_budget"].share
    for name in changed:
        assert float(equal[name]) == pytest.approx(share * float(full[name]), rel=1e-5)


def test_a_scaled_lever_starts_from_its_rest(options, scenarios):
    night = scenarios["banjska_2023"]
    share = options["kfor_reform_equal_budget"].share
    assert float(settings_of("kfor_reform_equal_budget", night)["isr.isr_effort"]) == pytest.approx(1 + share, rel=1e-5)


def test_in_a_campaign_every_change_is_dated_by_its_own_option(options):
    settings = settings_of("block1", CampaignSeen())
    assert settings["from.roe.explicitness"] == options["1.2"].in_force_from.isoformat() == "2023-05-24"
    assert settings["from.mandate.political_constraint"] == options["1.1"].in_force_from.isoformat()
    assert options["1.2"].in_force_from == date(2023, 4, 24) + timedelta(days=30)


def test_two_options_that_agree_are_in_force_from_the_earlier_day(own):
    later = (OPTIONS / "body.kp_instead.yaml").read_text("utf-8").replace("start: 2023-04-24", "start: 2023-06-01")
    settings = settings_of([own(mine=later)["mine"], "body.kp_instead"], CampaignSeen())
    assert settings["from.doctrine.kfor"] == "2023-05-01"


def test_every_doctrine_that_an_option_names_is_shipped(options):
    named = {change.to for option in options.values() for change in option.changes if change.setting.startswith(("doctrine.", "seat."))}
    assert named - set(shipped_doctrines()) == set()


def test_who_gives_an_authority_names_a_table_that_uses_it(options):
    for name in ("1.1",):
        tables = {change.to for change in options[name].changes if change.setting.startswith(("doctrine.", "seat."))}
        used = {row["order"] for table in tables for row in read_document(shipped_doctrines()[table]).value["rows"]}
        assert {"send_detention_teams", "extract_patrol"} <= used


def test_a_package_that_contradicts_itself_is_refused(own):
    told = complaint(own, mine=PACKAGE.format(parts='"4.2", conclusion'))
    assert "options/mine.yaml:5:parts: '4.2' sets mandate.ksf_access to autonomous and 'conclusion' to by_agreement in" in told


def test_a_package_of_itself_is_refused(own):
    assert ":parts: contains itself" in complaint(own, mine=PACKAGE.format(parts="yours"), yours=PACKAGE.format(parts="mine"))


def test_a_budget_that_cannot_be_met_is_refused(own):
    told = complaint(own, mine=PACKAGE.format(parts='"3.2"') + 'equal_budget: "3.1"\n')
    assert ":equal_budget: takes 0 force-days a month, and '3.1' takes 500" in told


def test_an_option_of_one_s_own_is_given_by_its_path(tmp_path, scenarios):
    path = tmp_path / "harder.yaml"
    path.write_text((OPTIONS / "1.2.yaml").read_text("utf-8").replace("to: 0.8", "to: 0.9"), "utf-8")
    assert settings_of(str(path), scenarios["may_2023"])["roe.explicitness"] == "0.9"


SPOILT = read_document(SHIPPED.parent / "tests" / "cli" / "spoilt_options.yaml").value


@pytest.mark.parametrize("case", SPOILT.values(), ids=SPOILT)
def test_a_spoilt_option_is_refused_with_file_line_and_field(own, case):
    text = (OPTIONS / f"{case['option']}.yaml").read_text("utf-8")
    assert case["old"] in text
    told = complaint(own, **{case["option"]: text.replace(case["old"], case["new"], 1)})
    assert f"options/{case['option']}.yaml:" in told
    for part in case["told"]:
        assert part in told


def test_the_committed_schema_is_the_model_s():
    assert (SHIPPED / "schema" / "option.schema.json").read_text("utf-8") == schema_text("option")
