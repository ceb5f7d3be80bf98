"""Addresses of the room `accounts`."""

from django.urls import path

from jingyi.web.accounts import views

app_name = "accounts"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-in/code/", views.code, name="code"),
    path("sessions/<int:number>/end/", views.end_session, name="end_session"),
    path("sessions/end-others/", views.end_others, name="end_others"),
    path("second/begin/", views.begin_second, name="begin_second"),
    path("second/confirm/", views.confirm_second, name="confirm_second"),
    path("second/stop/", views.stop_second, name="stop_second"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("", views.me, name="me"),
    path("password/", views.password, name="password"),
    path("notices/", views.notices, name="notices"),
    path("notices/count/", views.notice_count, name="notice_count"),
]
