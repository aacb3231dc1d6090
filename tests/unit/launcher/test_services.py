from pathlib import Path

from launcher import databases, services, stack


def test_two_runs_at_once_borrow_different_directories(tmp_path: Path) -> None:
    with services.borrowed_directory(tmp_path) as first, services.borrowed_directory(tmp_path) as second:
        assert first != second


def test_a_directory_given_back_is_lent_again(tmp_path: Path) -> None:
    with services.borrowed_directory(tmp_path) as first:
        pass
    with services.borrowed_directory(tmp_path) as second:
        pass

    assert first == second


def test_services_named_by_the_environment_are_left_alone(tmp_path: Path) -> None:
    named = {
        "DATABASE_URL": "postgresql://elsewhere/a",
        "SIMULATORS_DATABASE_URL": "postgresql://elsewhere/b",
        "REDIS_URL": "redis://elsewhere",
    }
    environ = dict(named)

    with services.running(tmp_path / "var", environ=environ):
        assert environ == named
    assert not (tmp_path / "var").exists()


def test_another_database_on_the_same_server() -> None:
    assert (
        databases.named("postgresql://u:p@h:5/one?sslmode=require", "two")
        == "postgresql://u:p@h:5/two?sslmode=require"
    )


def test_keys_follow_a_project_that_was_moved(tmp_path: Path) -> None:
    (tmp_path / "demo.env").write_text(
        "WECHATPAY_MCHID=19\nWECHATPAY_PRIVATE_KEY_PATH=/old/place/merchant.pem\n"
    )

    keys = stack.keys(tmp_path)

    assert keys == {"WECHATPAY_MCHID": "19", "WECHATPAY_PRIVATE_KEY_PATH": str(tmp_path / "merchant.pem")}


def test_no_keys_yet_is_no_error(tmp_path: Path) -> None:
    assert stack.keys(tmp_path) == {}
